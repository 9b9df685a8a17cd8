package cache

import (
	"fmt"
	"slices"
	"time"
)

// Coverage is how much of the project was scanned.
type Coverage bool

const (
	Part  Coverage = false // results that were neither found nor added stay
	Whole Coverage = true  // they go: their files are gone
)

// Add remembers the result of a file for the next Write. K is its identity, the same before and after it was read;
// content is its content, or zero where it is not known. A result that is too large, or one too many, is not remembered.
// What could not be read for another reason than its content must not be added.
func (c *Cache) Add(k Key, content Content, r Result) {
	if c.dir == "" || (content == Content{} && !k.settled(r.ReadAt)) {
		return
	}
	blob := appendResult(nil, r)
	if len(blob) > maxResult {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.added.len() + 1
	if (head{records: n, slots: slotsFor(n), blobs: len(c.added.blobs) + len(blob)}).fileLen() > maxFile {
		return
	}
	c.added.records = appendRecord(double(c.added.records, recordLen), k, content, r.ReadAt, len(c.added.blobs), len(blob))
	c.added.blobs = append(double(c.added.blobs, len(blob)), blob...)
	c.addedSize += min(max(k.Size, 0), rewriteSize) // FUSE may say anything
}

// double makes room for n bytes more by doubling b: append alone moves a large slice about ten times as it grows.
func double(b []byte, n int) []byte {
	if cap(b)-len(b) < n {
		b = slices.Grow(b, max(n, len(b)))
	}
	return b
}

// Write replaces the cache's file by what was found and added since Open. Of two that write at once the last one wins
// whole; a crash leaves the old file, the new one, or one that counts as damaged. Where nothing has changed, or so
// little that it costs less to scan it again, nothing is written. It also removes caches that were not used for a
// month, and the oldest where all are larger than 512 MiB. An error means that the next scan has more to do.
func (c *Cache) Write(coverage Coverage) error {
	c.loading.Wait()
	if c.dir == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.write(coverage); err != nil {
		return fmt.Errorf("write the scan cache: %w", err)
	}
	return nil
}

func (c *Cache) write(coverage Coverage) error {
	if c.reason == "" && !c.worthwhile(coverage) {
		return c.touch(time.Now())
	}
	return c.replace(c.collect(coverage))
}

// A record takes 0.2 us to write, and a file 50 to be scanned again. So what has changed is left to the next scan, until
// doing that costs as much as writing everything.
const (
	rewriteRatio = 256
	rewriteSize  = 16 << 20 // bytes of files
)

// worthwhile says that enough of the file is not as it should be.
func (c *Cache) worthwhile(coverage Coverage) bool {
	changes := c.added.len()
	if coverage == Whole {
		for i := range c.image.len() {
			if !c.found(i) {
				changes++
			}
		}
	}
	return changes > 0 && (changes*rewriteRatio >= c.image.len() || c.addedSize >= rewriteSize)
}
