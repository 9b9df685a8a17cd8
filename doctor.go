package cofferdam

import (
	"context"

	"cofferdam/sandbox"
)

// Doctor tries what a run needs of the machine, with changes kept where sessions of this user are.
func Doctor(ctx context.Context, h Host) (*sandbox.Capabilities, error) {
	store, err := OpenStore(h)
	if err != nil {
		return nil, err
	}
	dir, err := store.Prepare()
	if err != nil {
		return nil, err
	}
	return sandbox.Probe(ctx, dir), nil
}
