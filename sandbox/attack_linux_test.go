package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// attackName is how the test binary is called when it is to attack the sandbox that it runs in.
const attackName = "attack"

// target is what an attacker would want to know: it does know the paths.
type target struct{ project, state, home, hostSocket, hostPort string }

func (t target) arguments() []string {
	return []string{t.project, t.state, t.home, t.hostSocket, t.hostPort}
}

// An attack gives evidence where it came through and else an error.
type attack struct {
	name string
	try  func(t target) (string, error)
}

var errHeld = errors.New("nothing there")

// attacks are the ways out that a command has. None of them is to give evidence.
var attacks = []attack{
	{"read the secret by name", func(t target) (string, error) { return read(t.project + "/.env") }},
	{"read the secret by a way around", func(t target) (string, error) {
		return read(t.project + "/../" + filepath.Base(t.project) + "/.env")
	}},
	{"read through the root of init", func(t target) (string, error) { return read("/proc/1/root" + t.project + "/.env") }},
	{"read through all roots and working directories", throughProc},
	{"read the descriptors of init", func(target) (string, error) {
		return shell("for f in /proc/1/fd/* /proc/1/task/*/fd/*; do readlink $f; head -c 64 $f; done 2>/dev/null")
	}},
	{"read the links of init", func(target) (string, error) {
		return shell("for l in exe cwd root ns/mnt ns/user; do readlink /proc/1/$l; done 2>/dev/null")
	}},
	{"read the memory map of init", func(target) (string, error) { return read("/proc/1/maps") }},
	{"read the environment of init", func(target) (string, error) { return read("/proc/1/environ") }},
	{"open the memory of init", func(target) (string, error) { return opened("/proc/1/mem", os.O_RDWR) }},
	{"follow the paths of mountinfo", throughMountinfo},
	{"read the session directory", func(t target) (string, error) { return list(t.state) }},
	{"read the upper layer", func(t target) (string, error) { return list(t.state + "/upper") }},
	{"write the upper layer", func(t target) (string, error) { return opened(t.state+"/upper/x", os.O_CREATE|os.O_WRONLY) }},
	{"find the secret from the root", func(target) (string, error) {
		return shell(`find / -name .env -type f -not -path '/proc/*' -not -path '/usr/*' 2>/dev/null; grep -rl 'CANARY-[0-9a-f]' /run /tmp /var /dev/shm "$PWD" "$HOME" --exclude=attack 2>/dev/null`)
	}},
	{"tar the project", func(t target) (string, error) {
		return shell("tar cf - " + t.project + " 2>/dev/null | grep -ao 'TOKEN=CANARY-[0-9a-f][0-9a-f]*'")
	}},
	{"find descriptors left open", leftOpen},
	{"umount the view", func(t target) (string, error) { return done(unix.Unmount(t.project, 0)) }},
	{"detach the view", func(t target) (string, error) { return done(unix.Unmount(t.project, unix.MNT_DETACH)) }},
	{"umount the root", func(target) (string, error) { return done(unix.Unmount("/", unix.MNT_DETACH)) }},
	{"mount", func(target) (string, error) { return done(unix.Mount("x", "/tmp", "tmpfs", 0, "")) }},
	{"mount by bind", func(t target) (string, error) { return done(unix.Mount("/", "/tmp", "", unix.MS_BIND, "")) }},
	{"remount writable", func(target) (string, error) {
		return done(unix.Mount("", "/usr", "", unix.MS_REMOUNT|unix.MS_BIND, ""))
	}},
	{"open a tree", func(t target) (string, error) {
		return descriptor(unix.OpenTree(unix.AT_FDCWD, t.project, unix.OPEN_TREE_CLONE))
	}},
	{"open a file system", func(target) (string, error) { return descriptor(unix.Fsopen("tmpfs", 0)) }},
	{"set mount attributes", func(target) (string, error) {
		return done(unix.MountSetattr(unix.AT_FDCWD, "/usr", 0, &unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}))
	}},
	{"move a mount", func(t target) (string, error) {
		return done(unix.MoveMount(unix.AT_FDCWD, t.project, unix.AT_FDCWD, "/tmp", 0))
	}},
	{"pivot the root", func(target) (string, error) { return done(unix.PivotRoot(".", ".")) }},
	{"chroot", func(target) (string, error) { return done(unix.Chroot("/tmp")) }},
	{"unshare the user namespace", func(target) (string, error) { return done(unix.Unshare(unix.CLONE_NEWUSER)) }},
	{"unshare the mount namespace", func(target) (string, error) { return done(unix.Unshare(unix.CLONE_NEWNS)) }},
	{"unshare by program", func(target) (string, error) { return shell("unshare -Ur true && echo in") }},
	{"nsenter into init", func(target) (string, error) { return shell("nsenter -t 1 -m -U true && echo in") }},
	{"open the namespace of init", func(target) (string, error) { return opened("/proc/1/ns/mnt", os.O_RDONLY) }},
	{"setns on itself", func(target) (string, error) {
		f, err := os.Open("/proc/self/ns/mnt")
		if err != nil {
			return "", err
		}
		return done(unix.Setns(int(f.Fd()), 0))
	}},
	{"clone a user namespace", func(target) (string, error) { return cloned(unix.CLONE_NEWUSER) }},
	{"clone a network namespace", func(target) (string, error) { return cloned(unix.CLONE_NEWNET) }},
	{"clone3", func(target) (string, error) {
		var args [11]uint64
		args[0] = unix.CLONE_NEWUSER
		_, _, errno := unix.RawSyscall(unix.SYS_CLONE3, uintptr(unsafe.Pointer(&args)), unsafe.Sizeof(args), 0)
		if errno != unix.ENOSYS {
			return fmt.Sprintf("answered %v", errno), nil
		}
		return "", errno
	}},
	{"trace init", func(target) (string, error) { return done(unix.PtraceAttach(1)) }},
	{"seize init", func(target) (string, error) { return done(unix.PtraceSeize(1)) }},
	{"trace the parent's threads", traceThreads},
	{"read memory of init", func(target) (string, error) {
		var b [8]byte
		local := []unix.Iovec{{Base: &b[0], Len: 8}}
		_, err := unix.ProcessVMReadv(1, local, []unix.RemoteIovec{{Base: 0x400000, Len: 8}}, 0)
		return done(err)
	}},
	{"kill init", func(target) (string, error) { return done(unix.Kill(1, unix.SIGKILL)) }},
	{"terminate init", func(target) (string, error) { return done(unix.Kill(1, unix.SIGTERM)) }},
	{"kill everything outside", func(target) (string, error) { return done(unix.Kill(os.Getppid()+1<<20, 0)) }},
	{"take a descriptor of init", func(target) (string, error) {
		fd, err := unix.PidfdOpen(1, 0)
		if err != nil {
			return "", err
		}
		return descriptor(unix.PidfdGetfd(fd, 3, 0))
	}},
	{"open by handle", byHandle},
	{"io_uring", func(target) (string, error) {
		var params [120]byte
		_, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 4, uintptr(unsafe.Pointer(&params)), 0)
		return failed(errno)
	}},
	{"bpf", func(target) (string, error) {
		_, _, errno := unix.Syscall(unix.SYS_BPF, 0, 0, 0)
		return permitted(errno)
	}},
	{"perf events", func(target) (string, error) {
		_, err := unix.PerfEventOpen(&unix.PerfEventAttr{Type: 1, Size: 64}, 0, -1, -1, 0)
		return done(err)
	}},
	{"userfaultfd", func(target) (string, error) {
		_, _, errno := unix.Syscall(unix.SYS_USERFAULTFD, 1, 0, 0)
		return failed(errno)
	}},
	{"read the session keyring", func(target) (string, error) {
		_, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_SESSION_KEYRING, true)
		return done(err)
	}},
	{"add a key", func(target) (string, error) {
		_, err := unix.AddKey("user", "x", []byte("y"), unix.KEY_SPEC_PROCESS_KEYRING)
		return done(err)
	}},
	{"type into the terminal", func(target) (string, error) { return typed(unix.TIOCSTI) }},
	{"type into the terminal past 32 bits", func(target) (string, error) { return typed(unix.TIOCSTI | 1<<32) }},
	{"paste on the console", func(target) (string, error) { return typed(unix.TIOCLINUX) }},
	{"make a block device", func(t target) (string, error) {
		return done(unix.Mknod("/tmp/disk", unix.S_IFBLK|0o600, int(unix.Mkdev(254, 0))))
	}},
	{"make a whiteout", func(t target) (string, error) { return done(unix.Mknod(t.project+"/main.go.x", unix.S_IFCHR, 0)) }},
	{"read disks", func(target) (string, error) {
		return shell("for d in /dev/vda /dev/sda /dev/nvme0n1 /dev/mem /dev/kmem /dev/port /dev/kmsg /proc/kcore /proc/kmsg; do head -c 16 $d 2>/dev/null; done")
	}},
	{"load a module", func(target) (string, error) { return done(unix.InitModule([]byte("x"), "")) }},
	{"set the time", func(target) (string, error) { return done(unix.Settimeofday(&unix.Timeval{Sec: 1})) }},
	{"read the kernel's log", func(target) (string, error) { _, err := unix.Klogctl(3, make([]byte, 64)); return done(err) }},
	{"write the core pattern", func(target) (string, error) { return opened("/proc/sys/kernel/core_pattern", os.O_WRONLY) }},
	{"allow namespaces again", func(target) (string, error) { return opened("/proc/sys/user/max_user_namespaces", os.O_WRONLY) }},
	{"press a system request key", func(target) (string, error) {
		f, err := os.OpenFile("/proc/sysrq-trigger", os.O_WRONLY, 0)
		if err == nil {
			_, err = f.WriteString("h")
		}
		return done(err)
	}},
	{"write /usr", func(target) (string, error) { return opened("/usr/x", os.O_CREATE|os.O_WRONLY) }},
	{"write /etc", func(target) (string, error) { return opened("/etc/x", os.O_CREATE|os.O_WRONLY) }},
	{"overwrite /etc/passwd", func(target) (string, error) { return opened("/etc/passwd", os.O_WRONLY) }},
	{"write the root", func(target) (string, error) { return opened("/x", os.O_CREATE|os.O_WRONLY) }},
	{"write /dev", func(target) (string, error) { return opened("/dev/x", os.O_CREATE|os.O_WRONLY) }},
	{"read the user's keys", func(t target) (string, error) { return read(t.home + "/.ssh/id_ed25519") }},
	{"list the user's home", func(t target) (string, error) { return list(t.home) }},
	{"read password hashes", func(target) (string, error) { return contents("/etc/shadow", "/etc/gshadow", "/etc/shadow-") }},
	{"read the machine's keys", func(target) (string, error) {
		return shell("cat /etc/ssl/private/* /etc/ssh/ssh_host_*_key /etc/sudoers /etc/krb5.keytab 2>/dev/null")
	}},
	{"find files in /etc that not everyone may read", func(target) (string, error) {
		return shell(`find /etc -type f ! -perm -o=r -readable -size +0c 2>/dev/null`)
	}},
	{"see /sys", func(target) (string, error) { return list("/sys") }},
	{"see control groups", func(target) (string, error) { return list("/sys/fs/cgroup") }},
	{"leave the control group", func(target) (string, error) { return shell("mount -t cgroup2 x /tmp && ls /tmp") }},
	{"see the machine's processes", func(target) (string, error) {
		return shell(`ls /proc | grep -c '^[0-9]*$' | awk '$1 > 12'`)
	}},
	{"reach an abstract socket of the machine", func(t target) (string, error) { return dialed("unix", t.hostSocket) }},
	{"reach a port of the machine", func(t target) (string, error) { return dialed("tcp", t.hostPort) }},
	{"reach the world by UDP", func(target) (string, error) {
		c, err := net.Dial("udp", "192.0.2.1:53")
		if err == nil {
			_, err = c.Write([]byte("x"))
		}
		return done(err)
	}},
	{"see another network device", func(target) (string, error) { return shell("grep -v -e lo: -e '|' /proc/net/dev") }},
	{"open a vsock", func(target) (string, error) { return descriptor(unix.Socket(unix.AF_VSOCK, unix.SOCK_STREAM, 0)) }},
	{"open a packet socket", func(target) (string, error) { return descriptor(unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)) }},
	{"open an AF_ALG socket", func(target) (string, error) {
		return descriptor(unix.Socket(unix.AF_ALG, unix.SOCK_SEQPACKET, 0))
	}},
	{"become root by a set-uid program", func(target) (string, error) {
		if os.Getuid() == 0 {
			return "", errHeld
		}
		return shell("su -c id </dev/null 2>/dev/null")
	}},
	{"raise a capability", func(target) (string, error) {
		return done(unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, unix.CAP_SYS_ADMIN, 0, 0))
	}},
	{"change the owner", func(t target) (string, error) { return done(os.Chown(t.project+"/main.go", 12345, 12345)) }},
	{"set the host name", func(target) (string, error) { return done(unix.Sethostname([]byte("x"))) }},
	{"reboot", func(target) (string, error) { return done(unix.Reboot(unix.LINUX_REBOOT_CMD_CAD_OFF)) }},
}

// attackAll tries them all and prints one line for each.
func attackAll(args []string) {
	runtime.LockOSThread()
	t := target{args[0], args[1], args[2], args[3], args[4]}
	for _, a := range attacks {
		evidence, err := a.try(t)
		if err == nil && evidence == "" {
			err = errHeld
		}
		if err != nil {
			fmt.Printf("held\t%s\t%q\n", a.name, err)
		} else {
			fmt.Printf("OPEN\t%s\t%q\n", a.name, evidence)
		}
	}
}

func read(path string) (string, error) {
	data, err := os.ReadFile(path)
	return string(data), err
}

// contents is what the files hold together; a covered one is empty.
func contents(paths ...string) (string, error) {
	var all string
	for _, path := range paths {
		data, _ := os.ReadFile(path)
		all += string(data)
	}
	return all, nil
}

func list(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " "), err
}

func opened(path string, flags int) (string, error) {
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return "", err
	}
	f.Close()
	return "opened", nil
}

func done(err error) (string, error) { return "done", err }

func failed(errno unix.Errno) (string, error) {
	if errno != 0 {
		return "", errno
	}
	return "done", nil
}

// permitted tells a refusal by the filter from one by the call itself.
func permitted(errno unix.Errno) (string, error) {
	if errno == unix.EPERM {
		return "", errno
	}
	return fmt.Sprintf("answered %v", errno), nil
}

func descriptor(fd int, err error) (string, error) {
	if err == nil {
		unix.Close(fd)
	}
	return "open", err
}

func shell(script string) (string, error) {
	out, err := exec.Command("sh", "-c", script).Output()
	if len(out) > 0 {
		err = nil
	}
	return string(out), err
}

func dialed(network, address string) (string, error) {
	c, err := net.Dial(network, address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	var b [64]byte
	n, _ := c.Read(b[:])
	return "connected " + string(b[:n]), nil
}

func typed(request uint64) (string, error) {
	c := byte('x')
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, 0, uintptr(request), uintptr(unsafe.Pointer(&c)))
	return permitted(errno)
}

func cloned(flags uintptr) (string, error) {
	pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, flags|uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if errno == 0 && pid == 0 {
		unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
	}
	return failed(errno)
}

func throughProc(t target) (string, error) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	tasks, _ := filepath.Glob("/proc/[0-9]*/task/[0-9]*")
	for _, dir := range append(dirs, tasks...) {
		for _, way := range []string{"/root" + t.project + "/.env", "/root" + t.state, "/cwd/.env", "/root/proc/1/root" + t.project + "/.env"} {
			if text, err := read(dir + way); err == nil {
				return dir + way + text, nil
			}
		}
	}
	return "", errHeld
}

func throughMountinfo(t target) (string, error) {
	text, err := read("/proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n,=:", r) })
	for _, word := range words {
		if !strings.HasPrefix(word, "/") {
			continue
		}
		for _, path := range []string{word + "/.env", word + t.project + "/.env", word + "/../.env"} {
			if text, err := read(path); err == nil {
				return path + text, nil
			}
		}
		if strings.HasPrefix(word, t.state) {
			return "mountinfo names " + word, nil
		}
	}
	return "", errHeld
}

// leftOpen looks for descriptors beyond the standard streams; those of the Go runtime are its own.
func leftOpen(target) (string, error) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return "", err
	}
	var left []string
	for _, e := range entries {
		link, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err == nil && len(e.Name()) > 0 && e.Name() > "2" && !strings.HasPrefix(link, "anon_inode:[event") && !strings.HasSuffix(link, "/fd") {
			left = append(left, e.Name()+" "+link)
		}
	}
	return strings.Join(left, ", "), nil
}

func traceThreads(target) (string, error) {
	tasks, err := filepath.Glob("/proc/1/task/[0-9]*")
	for _, task := range tasks {
		var tid int
		_, _ = fmt.Sscan(filepath.Base(task), &tid)
		if unix.PtraceAttach(tid) == nil {
			return "traced " + task, nil
		}
		if _, err := os.Readlink(task + "/root"); err == nil {
			return "root of " + task, nil
		}
	}
	return "", errors.Join(err, errHeld)
}

// byHandle makes a handle by itself, as a file system takes one from anyone: inode 2 is the root of ext4.
func byHandle(t target) (string, error) {
	dir, err := os.Open(t.project)
	if err != nil {
		return "", err
	}
	defer dir.Close()
	for _, handle := range []unix.FileHandle{unix.NewFileHandle(1, []byte{2, 0, 0, 0, 0, 0, 0, 0})} {
		fd, err := unix.OpenByHandleAt(int(dir.Fd()), handle, unix.O_RDONLY)
		if err == nil {
			return fmt.Sprintf("opened %d", fd), nil
		}
		if err != unix.EPERM {
			return "", fmt.Errorf("got past the filter: %w", err)
		}
	}
	if _, _, err := unix.NameToHandleAt(unix.AT_FDCWD, t.project, 0); err == nil {
		return "handle", nil
	}
	return "", fs.ErrPermission
}
