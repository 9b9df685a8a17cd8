package scan

import "cofferdam/scan/detect"

func engineForTest() detector { return detector{detect.Default(), DefaultDepth} }
