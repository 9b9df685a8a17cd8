package gitview

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// store is the objects of a repository as they stand on disk. It takes nothing from those who wrote them but the files.
type store struct {
	packs []*packFile
}

// openStore opens the packs in dir.
func openStore(f *format, dir string) (*store, error) {
	s := &store{}
	names, err := os.ReadDir(dir)
	for _, d := range names {
		name, ok := strings.CutSuffix(d.Name(), ".idx")
		if !ok || err != nil {
			continue
		}
		var p *packFile
		if p, err = openPackFile(f, filepath.Join(dir, name)); err == nil {
			s.packs = append(s.packs, p)
		}
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *store) close() {
	for _, p := range s.packs {
		p.close()
	}
}

// kinds is what the objects of each pack are, in the order of its table.
func (s *store) kinds(parallel func(int, func(int) error) error) ([][]kind, error) {
	all := make([][]kind, len(s.packs))
	err := parallel(len(s.packs), func(n int) (err error) {
		p := s.packs[n]
		all[n] = make([]kind, len(p.table.ids))
		for i, id := range p.table.ids {
			if all[n][i], _, _, err = p.header(p.spans[id]); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// content is that of an object.
func (s *store) content(id oid, k kind, limit int64) ([]byte, error) {
	for _, p := range s.packs {
		if _, ok := p.spans[id]; ok {
			content, _, err := p.content(id, k, limit)
			return content, err
		}
	}
	return nil, fmt.Errorf("%s %s is missing", k, id)
}
