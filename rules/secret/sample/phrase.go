package sample

import (
	"fmt"
	"strings"
)

// Ordinary nouns that say nothing about secrets: none is a word that marks a placeholder.
var words = []string{
	"amber", "anchor", "april", "badger", "basalt", "beacon", "birch", "bramble", "breeze", "bridge", "cactus", "canyon",
	"cedar", "cinder", "cobalt", "comet", "copper", "coral", "cricket", "dragon", "eagle", "ember", "falcon", "fjord",
	"forest", "garnet", "glacier", "granite", "harbor", "heron", "hollow", "indigo", "island", "jasmine", "jungle", "juniper",
	"kestrel", "lagoon", "lantern", "maple", "marble", "meadow", "meteor", "monsoon", "nebula", "nickel", "ocean", "orchard",
	"otter", "panther", "pebble", "pepper", "pigeon", "planet", "prairie", "quartz", "rabbit", "raven", "river", "saffron",
	"salmon", "shadow", "silver", "sparrow", "summit", "sunset", "thunder", "tiger", "timber", "tundra", "velvet", "violet",
	"walnut", "willow", "winter", "zephyr",
}

var seasons = []string{"Sommer", "Winter", "Herbst", "Spring", "Autumn", "Juli", "Monday", "Berlin", "Madrid", "Chelsea", "Snoopy", "Charlie"}

func (w *writer) phrase(name string) (value string, ok bool) {
	switch name {
	case "uuid":
		return w.uuid(), true
	case "UUID":
		return strings.ToUpper(w.uuid()), true
	case "word":
		return w.word(), true
	case "host":
		return fmt.Sprintf("%s.%s.%s", w.pick("db", "app", "mail", "node", "api"), w.word(), w.pick("io", "net", "internal", "dev")), true
	case "email":
		return fmt.Sprintf("%s.%s@%s.%s", w.word(), w.word(), w.word(), w.pick("io", "net", "org")), true
	case "password":
		return w.password(), true
	case "passphrase":
		return strings.Join([]string{w.word(), w.word(), w.word(), w.word()}, w.pick("-", " ", ".", "_")), true
	}
	return "", false
}

func (w *writer) pick(choices ...string) string { return choices[w.rand.IntN(len(choices))] }

func (w *writer) word() string { return w.pick(words...) }

// password is a weak one: a word, a number that means something to its owner, a mark to please a rule.
func (w *writer) password() string {
	word := w.word()
	title := strings.ToUpper(word[:1]) + word[1:]
	year := fmt.Sprint(1971 + w.rand.IntN(54))
	mark := w.pick("!", "?", "*", "#", ".", "!!")
	switch w.rand.IntN(5) {
	case 0:
		return w.pick(seasons...) + year + mark
	case 1:
		return title + w.digits(2) + mark
	case 2:
		return word + w.digits(4)
	case 3:
		return strings.NewReplacer("a", "4", "e", "3", "i", "1", "o", "0").Replace(title) + w.digits(2) + mark
	}
	return title + w.word() + w.digits(2) + mark
}
