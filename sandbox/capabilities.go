package sandbox

// Capabilities are what a machine has of what a sandbox is made of, found by trying it.
type Capabilities struct {
	Items []Capability `json:"items"`
}

// Capability is one of them.
type Capability struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Detail  string `json:"detail,omitempty"`  // of what is there, such as a version
	Why     string `json:"why,omitempty"`     // it is missing
	Instead string `json:"instead,omitempty"` // what can be done
}

// The names of the capabilities, in the order of Probe.
const (
	HasUserns   = "user namespaces"
	HasMappings = "id mappings"
	HasMounts   = "mounts in a user namespace"
	HasProc     = "proc in a pid namespace"
	HasDevpts   = "devpts of its own"
	HasNetwork  = "network namespaces"
	HasOverlay  = "overlayfs in a user namespace"
	HasUpper    = "overlayfs changes in the state directory"
	HasRename   = "rename of directories in an overlay"
	HasLandlock = "landlock"
	HasSeccomp  = "seccomp"
	HasMemory   = "memory limit"
	HasCPU      = "cpu limit"
	HasPids     = "pids limit"
)

// Has reports whether the machine has the named capability.
func (c *Capabilities) Has(name string) bool {
	for _, item := range c.Items {
		if item.Name == name {
			return item.OK
		}
	}
	return false
}

// Sandbox reports whether Run can work at all; nil says that it can, else it is the first capability in the way.
func (c *Capabilities) Sandbox() *Capability {
	for i, item := range c.Items {
		switch item.Name {
		case HasOverlay, HasUpper, HasRename, HasMemory, HasCPU, HasPids:
			continue // there is another view, and limits are asked for
		}
		if !item.OK {
			return &c.Items[i]
		}
	}
	return nil
}
