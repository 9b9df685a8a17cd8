package shop

// Old is no longer used.
const Old = true
