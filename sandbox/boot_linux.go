package sandbox

// purpose is what an init process is started for.
type purpose uint8

const (
	toRun       purpose = iota
	toProbe             // try each part and report
	toProbeView         // make the mounts and end
)

// boot is what the init process is told: a Spec in the terms of system calls.
type boot struct {
	purpose purpose

	mounts   []mountStep
	links    []Link
	readonly []string
	masked   []string

	hostname string
	loopback bool // bring the loopback device of a new network up

	landlock bool
	ruleset  ruleset
	rules    []pathRule
	filter   []byte
	// view is the overlay in which directories are to be renamed, or empty.
	view string
	// writable is a mount of the view that can be written to; negative where there is no upper layer. It is no part of
	// what init is told.
	writable int

	args, env []string
	dir       string
	limits    []resourceLimit

	terminal [3]bool // which descriptors become the sandbox's own terminal
	size     windowSize
	termios  string // of the terminal that is replaced, as the kernel lays it out
	plain    bool   // the caller's terminal processes the output; this one passes it on
}

// mountStep is one mount, made as the list has it.
type mountStep struct {
	kind           string
	source, target string
	options        []string // of the file system
	attributes     uint64   // MOUNT_ATTR_*
	recursive      bool
	create         bool // make the mount point; else it has to be there
	lower          []string
	upper, work    string
	keep           bool // the view: a mount of it stays with init
}

type pathRule struct {
	path   string
	access access
}

type resourceLimit struct {
	resource, soft, hard uint64
}

type windowSize struct{ rows, columns, width, height uint16 }

func (b *boot) code(c *codec) {
	codeNum(c, &b.purpose)
	codeList(c, &b.mounts, (*codec).mount)
	codeList(c, &b.links, func(c *codec, l *Link) { c.text(&l.Path); c.text(&l.Target) })
	c.texts(&b.readonly)
	c.texts(&b.masked)
	c.text(&b.hostname)
	c.flag(&b.loopback)
	c.flag(&b.landlock)
	c.num(&b.ruleset.fs)
	c.num(&b.ruleset.net)
	c.num(&b.ruleset.scoped)
	codeList(c, &b.rules, func(c *codec, r *pathRule) { c.text(&r.path); codeNum(c, &r.access) })
	filter := string(b.filter)
	c.text(&filter)
	b.filter = []byte(filter)
	c.text(&b.view)
	c.texts(&b.args)
	c.texts(&b.env)
	c.text(&b.dir)
	codeList(c, &b.limits, func(c *codec, l *resourceLimit) { c.num(&l.resource); c.num(&l.soft); c.num(&l.hard) })
	for i := range b.terminal {
		c.flag(&b.terminal[i])
	}
	codeNum(c, &b.size.rows)
	codeNum(c, &b.size.columns)
	codeNum(c, &b.size.width)
	codeNum(c, &b.size.height)
	c.text(&b.termios)
	c.flag(&b.plain)
}

func (c *codec) mount(m *mountStep) {
	c.text(&m.kind)
	c.text(&m.source)
	c.text(&m.target)
	c.texts(&m.options)
	c.num(&m.attributes)
	c.flag(&m.recursive)
	c.flag(&m.create)
	c.texts(&m.lower)
	c.text(&m.upper)
	c.text(&m.work)
	c.flag(&m.keep)
}

func (b *boot) encode() []byte {
	c := &codec{}
	b.code(c)
	return c.buf
}

func decodeBoot(data []byte) (*boot, error) {
	b, c := &boot{}, &codec{buf: data, reading: true}
	b.code(c)
	return b, c.err
}

// encodeCover is the message that follows the boot message: paths to cover beyond those that it names.
func encodeCover(paths []string) []byte {
	c := &codec{}
	c.texts(&paths)
	return c.buf
}

func decodeCover(data []byte) ([]string, error) {
	var paths []string
	c := &codec{buf: data, reading: true}
	c.texts(&paths)
	return paths, c.err
}
