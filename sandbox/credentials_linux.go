package sandbox

import (
	"encoding/binary"
	"fmt"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// secretNames hold credentials in /etc and are covered whoever may read them: some are world-readable where a
// package or a person was careless.
var secretNames = []string{
	"shadow", "shadow-", "gshadow", "gshadow-", "sudoers", "sudoers.d", "security/opasswd", "ssl/private", "pki/tls/private", "pki/private",
	"ssh/ssh_host_*_key", "krb5.keytab", "krb5.keytab.d", "NetworkManager/system-connections", "wpa_supplicant", "wireguard", "openvpn",
	"ipsec.secrets", "ipsec.d/private", "swanctl/private", "ppp/chap-secrets", "ppp/pap-secrets", "netplan", "letsencrypt", "docker/key.json",
	"kubernetes", "rancher", "machine-secret", "mysql/debian.cnf", "postfix/sasl_passwd", "postfix/sasl_passwd.db", "exim4/passwd.client",
	"msmtprc", "samba/smbpasswd", "samba/private", "cifs-credentials", "bind/rndc.key", "rndc.key", "vault.d", "credstore", "credstore.encrypted",
	"apt/auth.conf", "apt/auth.conf.d", "boto.cfg", "s3cfg", "davfs2/secrets",
}

// maxWalk bounds the names read in /etc: a machine with more is told so, not searched for minutes.
const maxWalk = 200_000

// credentialPaths are the files below dir to be covered: those with a known name, and those that not everyone may read but
// this user may. For uid 0 the latter are the machine's keys; for another, files of its own and of its groups.
// What this user cannot read needs no cover.
func credentialPaths(dir string) ([]string, error) {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: dir, Err: err}
	}
	w := &credentialWalk{left: maxWalk, names: map[string][]string{}}
	for _, name := range secretNames {
		parent := path.Dir(name)
		w.names[parent] = append(w.names[parent], path.Base(name))
	}
	err = w.directory(fd, dir, ".")
	return w.found, err
}

// searchCredentials begins credentialPaths and gives a function that waits for the result.
func searchCredentials(dir string) func() ([]string, error) {
	type result struct {
		paths []string
		err   error
	}
	done := make(chan result, 1)
	go func() {
		paths, err := credentialPaths(dir)
		done <- result{paths, err}
	}()
	return func() ([]string, error) {
		r := <-done
		if r.err != nil {
			return nil, fmt.Errorf("find credentials: %w", r.err)
		}
		return r.paths, nil
	}
}

type credentialWalk struct {
	names map[string][]string // patterns of secretNames, by directory
	found []string
	left  int
	buf   [16 << 10]byte // for the kernel's entries
}

// directory looks at the names in an open directory and closes it.
func (w *credentialWalk) directory(fd int, abs, rel string) error {
	defer unix.Close(fd)
	entries, err := w.read(fd, abs)
	if err != nil {
		return err
	}
	patterns := w.names[rel]
	for _, e := range entries {
		if known(patterns, e.name) {
			w.found = append(w.found, abs+"/"+e.name)
		} else if err := w.entry(fd, abs, rel, e); err != nil {
			return err
		}
	}
	return nil
}

// dirent is a name in a directory. Some file systems leave the kind at DT_UNKNOWN.
type dirent struct {
	name string
	kind byte
}

// read lists a directory. os.File would do it as well, at twice the price for the whole of /etc, which the start of every
// command waits for.
func (w *credentialWalk) read(fd int, abs string) ([]dirent, error) {
	const reclen, kind, name = 16, 18, 19 // offsets in the kernel's struct linux_dirent64
	var entries []dirent
	for {
		n, err := unix.Getdents(fd, w.buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, &os.PathError{Op: "read directory", Path: abs, Err: err}
		}
		if n == 0 {
			return entries, nil
		}
		for rest := w.buf[:n]; len(rest) > 0; rest = rest[binary.NativeEndian.Uint16(rest[reclen:]):] {
			e := dirent{unix.ByteSliceToString(rest[name:binary.NativeEndian.Uint16(rest[reclen:])]), rest[kind]}
			if e.name == "." || e.name == ".." {
				continue
			}
			if w.left--; w.left < 0 {
				return nil, &os.PathError{Op: "search for credentials", Path: abs, Err: unix.E2BIG}
			}
			entries = append(entries, e)
		}
	}
}

func (w *credentialWalk) entry(fd int, abs, rel string, e dirent) error {
	switch e.kind {
	case unix.DT_REG, unix.DT_DIR, unix.DT_UNKNOWN:
	default: // Links lead to files that are looked at where they are; the rest is not read.
		return nil
	}
	var stat unix.Stat_t
	if err := unix.Fstatat(fd, e.name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return nil // gone
	}
	open, isDir := uint32(unix.S_IROTH), false
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		open, isDir = open|unix.S_IXOTH, true
	case unix.S_IFREG:
	default:
		return nil
	}
	if stat.Mode&open != open {
		if unix.Faccessat(fd, e.name, unix.R_OK, unix.AT_EACCESS) == nil || isDir && unix.Faccessat(fd, e.name, unix.X_OK, unix.AT_EACCESS) == nil {
			w.found = append(w.found, abs+"/"+e.name)
		}
		return nil
	}
	if !isDir {
		return nil
	}
	sub, err := unix.Openat(fd, e.name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil // gone, or closed to this user by an access list
	}
	return w.directory(sub, abs+"/"+e.name, strings.TrimPrefix(rel+"/"+e.name, "./"))
}

func known(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}
