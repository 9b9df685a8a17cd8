package sandbox

import (
	"os"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// Spec describes a sandbox and the command in it: what the OCI runtime specification has words for, and the rest.
type Spec struct {
	OCI specs.Spec `json:"oci"`
	Ext Extension  `json:"ext"`
}

// Extension is what a Spec says beyond the OCI runtime specification.
type Extension struct {
	View      View     `json:"view"`
	Links     []Link   `json:"links,omitempty"`     // symlinks of the root, such as /bin
	HomePaths []string `json:"homePaths,omitempty"` // absolute; their mounts are in OCI.Mounts
	Net       Net      `json:"net,omitempty"`
	Loopback  bool     `json:"loopback,omitempty"` // TCP inside the sandbox's own network
	Ptrace    bool     `json:"ptrace,omitempty"`   // debuggers inside the sandbox
	Waived    []string `json:"waived,omitempty"`   // protections the caller does without
	Limits    Limits   `json:"limits,omitzero"`
}

// ViewKind is how the view of the project comes about.
type ViewKind string

const (
	// Overlay is Lower, topmost first, below Upper. Without Upper it is read-only, and with ReadOnly to the command alone:
	// what Prepared.Cover hides is in Upper then. Where an upper layer cannot be had, it is done without.
	Overlay ViewKind = "overlay"
	// Copy is the directory Dir, writable.
	Copy ViewKind = "copy"
	// Bind is the directory Dir, read-only.
	Bind ViewKind = "bind"
)

// View is what the command sees at Target, the project's own path. All paths are absolute and may hold any byte.
type View struct {
	Kind   ViewKind `json:"kind"`
	Target string   `json:"target"`
	Lower  []string `json:"lower,omitempty"`
	Upper  string   `json:"upper,omitempty"`
	Work   string   `json:"work,omitempty"`
	Dir    string   `json:"dir,omitempty"`
	// ReadOnly is for Overlay with Upper.
	ReadOnly bool `json:"readOnly,omitempty"`
	// Git is the project's real .git, mounted read-only over that of the view. Empty leaves the view's own.
	Git string `json:"git,omitempty"`
}

// Link is a symlink in the root of the sandbox.
type Link struct {
	Path   string `json:"path"`
	Target string `json:"target"`
}

// HomePath is a file or directory below the caller's home directory that the command may see.
type HomePath struct {
	Relative string
	RW       bool
}

// Net is the network that the command has.
type Net string

const (
	// NetNone is a network of its own that leads nowhere.
	NetNone Net = ""
	// NetHost is the network of the machine.
	NetHost Net = "host"
)

// Protections that a caller can waive, where a machine does not have them.
const (
	WaiveLandlock = "landlock"
	WaiveSeccomp  = "seccomp"
)

// Limits bound what the command uses; zero sets no limit. Sizes are in bytes.
type Limits struct {
	Memory  int64   `json:"memory,omitempty"`
	Pids    int64   `json:"pids,omitempty"` // processes and threads
	CPUs    float64 `json:"cpus,omitempty"`
	TmpSize int64   `json:"tmpSize,omitempty"` // of each of /tmp, /var/tmp, /run, /dev/shm and the home directory
	Disk    int64   `json:"disk,omitempty"`    // of the changes to the project; no runner can enforce it yet
}

// Stdio is what the command has as its descriptors 0, 1 and 2. A nil one is empty. What is a terminal is replaced by a
// terminal of the sandbox's own that is relayed; anything else is passed on as it is.
type Stdio struct {
	In, Out, Err *os.File
}

// Exit is how the command ended.
type Exit struct {
	Code   int  // 0 to 255; 128 and the number of the signal that ended it
	Signal int  // that signal, or 0
	OOM    bool // the memory limit had processes killed
}
