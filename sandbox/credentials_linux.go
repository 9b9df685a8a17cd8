package sandbox

import (
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

// searchCredentials begins credentialPaths and gives a function that waits for the result and adds it to a list.
func searchCredentials(dir string) func(list []string) ([]string, error) {
	type result struct {
		paths []string
		err   error
	}
	done := make(chan result, 1)
	go func() {
		paths, err := credentialPaths(dir)
		done <- result{paths, err}
	}()
	return func(list []string) ([]string, error) {
		r := <-done
		if r.err != nil {
			return nil, fmt.Errorf("find credentials: %w", r.err)
		}
		return append(list, r.paths...), nil
	}
}

type credentialWalk struct {
	names map[string][]string // patterns of secretNames, by directory
	found []string
	left  int
}

// directory looks at the names in an open directory and closes it.
func (w *credentialWalk) directory(fd int, abs, rel string) error {
	f := os.NewFile(uintptr(fd), abs)
	defer f.Close()
	entries, err := f.ReadDir(-1)
	if err != nil {
		return err
	}
	if w.left -= len(entries); w.left < 0 {
		return &os.PathError{Op: "search for credentials", Path: abs, Err: unix.E2BIG}
	}
	for _, entry := range entries {
		if err := w.entry(fd, abs, rel, entry); err != nil {
			return err
		}
	}
	return nil
}

func (w *credentialWalk) entry(fd int, abs, rel string, entry os.DirEntry) error {
	name := entry.Name()
	at := abs + "/" + name
	if w.known(rel, name) {
		w.found = append(w.found, at)
		return nil
	}
	if entry.Type()&^os.ModeDir != 0 { // Links lead to files that are looked at where they are; the rest is not read.
		return nil
	}
	var stat unix.Stat_t
	if err := unix.Fstatat(fd, name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return nil // gone
	}
	open := uint32(unix.S_IROTH)
	if entry.IsDir() {
		open |= unix.S_IXOTH
	}
	if stat.Mode&open != open {
		if unix.Faccessat(fd, name, unix.R_OK, unix.AT_EACCESS) == nil || entry.IsDir() && unix.Faccessat(fd, name, unix.X_OK, unix.AT_EACCESS) == nil {
			w.found = append(w.found, at)
		}
		return nil
	}
	if !entry.IsDir() {
		return nil
	}
	sub, err := unix.Openat(fd, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil // gone, or closed to this user by an access list
	}
	return w.directory(sub, at, strings.TrimPrefix(rel+"/"+name, "./"))
}

func (w *credentialWalk) known(rel, name string) bool {
	for _, pattern := range w.names[rel] {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}
