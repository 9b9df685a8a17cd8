package workspace

import "golang.org/x/sys/unix"

// OpenHandle is OpenFile with a Handle.
func (r *Root) OpenHandle(path Path, h *Handle) (Stat, error) {
	fd, err := r.open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY)
	if err != nil {
		return Stat{}, err
	}
	return h.begin(fd, r, path)
}
