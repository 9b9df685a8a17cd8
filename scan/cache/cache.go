package cache

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"
)

// Cache is what is remembered of one project. Its methods may be called by many at once.
type Cache struct {
	dir   string
	name  string
	rules [32]byte

	loading sync.WaitGroup // what follows is set when it is done, and is not written after
	image   image
	seeds   seeds
	written time.Time // when the file was; zero where there is none
	reason  string
	seen    []atomic.Uint64 // a bit for each record of image that Find has served

	mu        sync.Mutex
	added     store // what Add has brought, oldest first
	addedSize int64 // bytes of those files
}

// Open begins to load the cache of a project, which is named by its root's path, from a directory that is for such
// caches alone, such as ~/.cache/cofferdam/scan. It returns at once; what needs the content waits for it. Without a
// directory, the cache is empty and stays it.
//
// Rules is the digest of everything but a file's path and content that a result depends on: rules, options, engine.
// Results of other rules are not served, and Write drops them.
func Open(dir, project string, rules [32]byte) *Cache {
	sum := sha256.Sum256([]byte("cofferdam scan cache\x00" + project))
	c := &Cache{dir: dir, name: hex.EncodeToString(sum[:16]) + suffix, rules: rules}
	c.loading.Go(c.load)
	return c
}

func (c *Cache) load() {
	if c.dir == "" {
		c.reason = "no directory for it"
	} else if err := c.read(); err != nil {
		c.image, c.reason = image{}, err.Error()
	}
	if c.reason != "" {
		rand.Read(c.image.key[:]) // never fails
	}
	c.seeds = seedsOf(c.image.key)
	c.seen = newSeen(c.image.len())
}

func newSeen(records int) []atomic.Uint64 { return make([]atomic.Uint64, (records+63)/64) }

// Reason says why nothing was remembered, or nothing where something was.
func (c *Cache) Reason() string {
	c.loading.Wait()
	return c.reason
}

// Len is how many results were remembered when the cache was opened.
func (c *Cache) Len() int {
	c.loading.Wait()
	return c.image.len()
}

// Find is the result of the file with this identity, which is as it was when it was read. Now is nanoseconds since the
// epoch, from the same clock as Result.ReadAt. A Write keeps what Find has served. What Add brings is found after a
// Write and another Open.
func (c *Cache) Find(k Key, now int64) (Result, bool) {
	c.loading.Wait()
	i, ok := c.image.find(k, c.seeds)
	if !ok {
		return Result{}, false
	}
	// A reading that is yet to come means that the clock was set back since: times say nothing then.
	readAt := c.image.record(i).readAt()
	if readAt > now || !k.settled(readAt) {
		return Result{}, false
	}
	r, ok := c.image.result(i)
	if bit := uint64(1) << (i % 64); ok && c.seen[i/64].Load()&bit == 0 {
		c.seen[i/64].Or(bit)
	}
	return r, ok
}

// FindContent is the result of a file, here or elsewhere, that had this content. Its ReadAt is when that one was read.
func (c *Cache) FindContent(content Content) (Result, bool) {
	c.loading.Wait()
	i, ok := c.image.findContent(content)
	if !ok {
		return Result{}, false
	}
	return c.image.result(i)
}
