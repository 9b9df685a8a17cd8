package sandbox

import (
	"fmt"
	"math"
	"os"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// cpuPeriod is the period of the CPU quota in microseconds; it is the kernel's own default.
const cpuPeriod = 100_000

func (l Limits) check() error {
	for _, limit := range []struct {
		name  string
		value float64
	}{
		{"memory", float64(l.Memory)}, {"pids", float64(l.Pids)}, {"cpus", l.CPUs}, {"tmp-size", float64(l.TmpSize)}, {"disk", float64(l.Disk)},
	} {
		if limit.value < 0 || math.IsNaN(limit.value) || math.IsInf(limit.value, 0) {
			return fmt.Errorf("limit %s: %v is not a size", limit.name, limit.value)
		}
	}
	if l.CPUs > 0 && l.CPUs < 0.01 {
		return fmt.Errorf("limit cpus: %v is less than the kernel's smallest quota, 0.01", l.CPUs)
	}
	if l.TmpSize > 0 && int64(os.Getpagesize()) > l.TmpSize {
		return fmt.Errorf("limit tmp-size: %d bytes are less than a page", l.TmpSize)
	}
	if l.Disk > 0 {
		return &UnenforcedError{
			What:    "disk",
			Why:     "the only hard quota without privilege is an upper layer in memory, which loses the work of a run that is cut short",
			Instead: "put the state directory on a file system with a quota, or limit what is not the project by --tmp-size",
		}
	}
	return nil
}

// resources are the limits that the OCI specification has words for; nil where there are none.
func (l Limits) resources() *specs.LinuxResources {
	r := &specs.LinuxResources{}
	if l.Memory > 0 {
		// Without the second, memory beyond the limit goes to swap.
		r.Memory = &specs.LinuxMemory{Limit: &l.Memory, Swap: &l.Memory}
	}
	if l.Pids > 0 {
		r.Pids = &specs.LinuxPids{Limit: &l.Pids}
	}
	if l.CPUs > 0 {
		quota, period := int64(math.Round(l.CPUs*cpuPeriod)), uint64(cpuPeriod)
		r.CPU = &specs.LinuxCPU{Quota: &quota, Period: &period}
	}
	if r.Memory == nil && r.Pids == nil && r.CPU == nil {
		return nil
	}
	return r
}
