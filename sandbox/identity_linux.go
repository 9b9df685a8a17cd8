package sandbox

import (
	"os"
	"syscall"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"
)

// idMappings are the ids of the sandbox's user namespace, each mapped to itself. An ordinary user may map no more than
// the own two. With uid 0 inside in place of the own one, git would take every file for changed. Root maps all, or the
// files of other users would have no owner that could be written back.
func idMappings() (uids, gids []specs.LinuxIDMapping) {
	uids = []specs.LinuxIDMapping{{ContainerID: uint32(os.Getuid()), HostID: uint32(os.Getuid()), Size: 1}}
	gids = []specs.LinuxIDMapping{{ContainerID: uint32(os.Getgid()), HostID: uint32(os.Getgid()), Size: 1}}
	if os.Getuid() != 0 || !holds(unix.CAP_SETUID) || !holds(unix.CAP_SETGID) {
		return uids, gids
	}
	if all := readIDMap("/proc/self/uid_map"); len(all) > 0 {
		uids = all
	}
	if all := readIDMap("/proc/self/gid_map"); len(all) > 0 {
		gids = all
	}
	return uids, gids
}

// readIDMap gives the ids that exist in this user namespace, each mapped to itself. Initially those are 0 to 2^32-2.
func readIDMap(path string) []specs.LinuxIDMapping {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var maps []specs.LinuxIDMapping
	var fields []uint64
	number, digits := uint64(0), false
	for _, c := range data {
		switch {
		case c >= '0' && c <= '9':
			number, digits = number*10+uint64(c-'0'), true
		case digits:
			fields, number, digits = append(fields, number), 0, false
		}
	}
	for ; len(fields) >= 3; fields = fields[3:] {
		maps = append(maps, specs.LinuxIDMapping{ContainerID: uint32(fields[0]), HostID: uint32(fields[0]), Size: uint32(fields[2])})
	}
	return maps
}

// holds reports whether this process has a capability in force.
func holds(capability int) bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return false
	}
	return data[capability/32].Effective&(1<<(capability%32)) != 0
}

func sysIDMaps(maps []specs.LinuxIDMapping) []syscall.SysProcIDMap {
	var sys []syscall.SysProcIDMap
	for _, m := range maps {
		sys = append(sys, syscall.SysProcIDMap{ContainerID: int(m.ContainerID), HostID: int(m.HostID), Size: int(m.Size)})
	}
	return sys
}
