package apply

import (
	"fmt"

	"cofferdam/placeholder"
)

// Spot is where in the path it is, as words that follow its name; it may be empty.
func (e SecretEvent) Spot() string {
	switch {
	case e.Where != InContent:
		return " (its " + string(e.Where) + ")"
	case e.Line > 0:
		return fmt.Sprintf(" line %d", e.Line)
	}
	return ""
}

// why is what is the matter, and where in its path.
func (e SecretEvent) why() string {
	if e.Where == InContent && e.Line > 0 {
		return fmt.Sprintf("%s, in line %d", e.What(), e.Line)
	}
	return e.What() + e.Spot()
}

// What says what is the matter, without a place.
func (e SecretEvent) What() string {
	for k := placeholder.Restored; k <= placeholder.Bound; k++ {
		if e.Kind == kindOf(k) {
			return e.placeholderPhrase(k)
		}
	}
	switch e.Kind {
	case NewSecret:
		return "a new secret (" + e.Name + ")"
	case KnownValue:
		return "the value of " + e.Name + " in the clear"
	case CredentialFile:
		return "it is a credential file (" + e.Name + ")"
	}
	return "not searched: " + e.Name
}

func (e SecretEvent) placeholderPhrase(k placeholder.Kind) string {
	rotated := ""
	if e.Rotated {
		rotated = " (rotated meanwhile)"
	}
	switch k {
	case placeholder.Restored:
		return "restores " + e.Name + rotated
	case placeholder.Moved:
		return "restores " + e.Name + rotated + ", which was moved"
	case placeholder.Copied:
		return "restores " + e.Name + rotated + " once more"
	case placeholder.Lossy:
		return e.Name + " would be written in another way"
	case placeholder.Deleted:
		return e.Name + " would be deleted"
	case placeholder.Replaced:
		return e.Name + " would be replaced"
	case placeholder.Unknown:
		return "a placeholder of no known session"
	case placeholder.Damaged:
		return fmt.Sprintf("the placeholder of %s is damaged (%s)", e.Name, e.Damage)
	case placeholder.Stray:
		return "the placeholder of " + e.Name + ", whose value the file did not hold"
	case placeholder.Valueless:
		return "the placeholder of " + e.Name + ", which has no value any more"
	case placeholder.Ambiguous:
		return "the placeholder of " + e.Name + ", which has more than one value now"
	case placeholder.Reshaped:
		return "the placeholder of " + e.Name + ", whose value has another number of lines now"
	}
	return e.Name + " would be lost with what is held back"
}
