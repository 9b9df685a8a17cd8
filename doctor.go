package cofferdam

import (
	"context"

	"cofferdam/sandbox"
)

// Doctor tries what a run needs of the machine.
func Doctor(ctx context.Context) *sandbox.Capabilities { return sandbox.Probe(ctx) }
