package cofferdam

import (
	"cofferdam/session"
)

// OpenStore is the user's sessions, of all projects.
func OpenStore(h Host) (*session.Store, error) {
	user, err := loadUserConfig(h)
	if err != nil {
		return nil, err
	}
	return newStore(h, user), nil
}

// Sessions lists the sessions of the project in dir, or all where dir is empty, newest first.
func Sessions(h Host, dir string) ([]session.Info, error) {
	store, err := OpenStore(h)
	if err != nil {
		return nil, err
	}
	all, err := store.List()
	if err != nil || dir == "" {
		return all, err
	}
	return session.Of(all, dir), nil
}
