package gitview

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Person is who wrote a commit.
type Person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Inside is whom the configuration of a view's repository names: the name and address of the user stay out of it, and
// take this one's place when a commit lands.
var Inside = Person{"Cofferdam Session", "session@cofferdam.invalid"}

// signature is a person and the moment when they signed.
type signature struct {
	Person
	time int64 // seconds since the epoch
	zone string
}

func (s signature) String() string {
	return fmt.Sprintf("%s <%s> %d %s", s.Name, s.Email, s.time, s.zone)
}

// commit is a commit object, without what signs or annotates it.
type commit struct {
	tree              oid
	parents           []oid
	author, committer signature
	encoding          string
	message           []byte
}

var errCommit = errors.New("a commit object is malformed")

// decodeCommit reads a commit. Headers that it does not know, such as signatures, are left out.
func (f *format) decodeCommit(content []byte) (c commit, err error) {
	head, message, _ := bytes.Cut(content, []byte("\n\n"))
	c.message = message
	for line := range strings.SplitSeq(string(head), "\n") {
		name, value, _ := strings.Cut(line, " ")
		switch name { // A line of a longer value begins with a space, so its name is empty.
		case "tree":
			c.tree, err = f.parse(value)
		case "parent":
			var id oid
			id, err = f.parse(value)
			c.parents = append(c.parents, id)
		case "author":
			c.author = readSignature(value)
		case "committer":
			c.committer = readSignature(value)
		case "encoding":
			c.encoding = value
		}
		if err != nil {
			return commit{}, err
		}
	}
	if c.tree == "" || c.author.zone == "" || c.committer.zone == "" {
		return commit{}, errCommit
	}
	return c, nil
}

// readSignature reads what it can: what is not as it must be is replaced, because git would refuse to take it.
func readSignature(text string) signature {
	s := signature{Person: Inside, zone: "+0000"}
	name, rest, found := strings.Cut(text, "<")
	email, when, closed := strings.Cut(rest, ">")
	if found && closed {
		s.Person = Person{plainPerson(name), plainPerson(email)}
	}
	fields := strings.Fields(when)
	if len(fields) > 0 {
		if n, err := strconv.ParseInt(fields[0], 10, 64); err == nil && n >= 0 && n < 1<<40 {
			s.time = n
		}
	}
	if len(fields) > 1 && plainZone(fields[1]) {
		s.zone = fields[1]
	}
	return s
}

func plainZone(zone string) bool {
	return len(zone) == 5 && (zone[0] == '+' || zone[0] == '-') && strings.Trim(zone[1:], "0123456789") == ""
}

// plainPerson is a name without what ends a header. It need not be UTF-8.
func plainPerson(name string) string {
	plain := make([]byte, 0, len(name))
	for _, c := range []byte(name) {
		if c >= ' ' && c != '<' && c != '>' && c != 0x7f {
			plain = append(plain, c)
		}
	}
	return string(bytes.TrimSpace(plain))
}

func (c commit) encode() []byte {
	b := fmt.Appendf(nil, "tree %s\n", c.tree)
	for _, parent := range c.parents {
		b = fmt.Appendf(b, "parent %s\n", parent)
	}
	b = fmt.Appendf(b, "author %s\ncommitter %s\n", c.author, c.committer)
	if encoding := plainPerson(c.encoding); encoding != "" && len(encoding) < 40 {
		b = fmt.Appendf(b, "encoding %s\n", encoding)
	}
	b = append(b, '\n')
	return append(b, bytes.ReplaceAll(c.message, []byte{0}, nil)...)
}
