package main

import (
	"fmt"

	"example.com/shop"
)

func main() {
	fmt.Println(shop.Greeting("world"))
}
