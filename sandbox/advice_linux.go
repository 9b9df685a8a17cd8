package sandbox

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// adviseUserns says what can be done where the kernel makes no user namespace. The cause follows from the error number and
// from the switches that the distributions have.
func adviseUserns(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, unix.ENOSPC):
		return "raise the limit: sysctl -w user.max_user_namespaces=15000"
	case setting("/proc/sys/kernel/unprivileged_userns_clone") == "0":
		return "allow them: sysctl -w kernel.unprivileged_userns_clone=1"
	case errors.Is(err, unix.EPERM):
		return "a container's system call filter or a security module denies them; run on the host, or give the container --security-opt seccomp=unconfined"
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		return "needs a kernel with CONFIG_USER_NS"
	}
	return ""
}

// adviseMount says what can be done where a user namespace comes about and gives no privilege.
func adviseMount(err error) string {
	switch {
	case err == nil:
		return ""
	case setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1":
		return "AppArmor takes the privileges of unprivileged user namespaces; install a profile for cofferdam that allows userns, " +
			"or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
	}
	return "a container or a security module denies it; run on the host, or stage a copy in a container"
}

func setting(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
