package engine

import "cofferdam/rules/secret"

// maxRequired is how many matches of required rules a match holds. More of them prove nothing more, and a text can hold
// very many near each other.
const maxRequired = 100

// composites are those of this pass's matches of composite rules that have all that they require near by.
func (s *search) composites() []Match {
	var whole []Match
	for _, m := range s.primaries {
		if s.ctx.Err() != nil {
			break
		}
		m.start = s.start(&m)
		if s.require(&m) {
			whole = append(whole, m)
		}
	}
	clear(s.primaries)
	s.primaries, s.found = s.primaries[:0], nil
	return whole
}

// require fills in what m requires and says whether all of it is there. A rule that is required twice is there when
// either requirement is met, as with gitleaks.
func (s *search) require(m *Match) bool {
	met := map[string]bool{}
	for _, q := range m.rule.required {
		if q.rule == nil {
			return false
		}
		others := s.matchesOf(q.rule)
		for i := range others {
			if !near(m.start, others[i].start, q.Required) {
				continue
			}
			met[q.Rule] = true
			if len(m.Required) == maxRequired {
				break
			}
			m.Required = append(m.Required, others[i])
		}
	}
	for _, q := range m.rule.required {
		if !met[q.Rule] {
			return false
		}
	}
	return true
}

// matchesOf is what a required rule finds in this pass. Neither its keywords nor what it requires count then.
func (s *search) matchesOf(r *rule) []Match {
	if list, ok := s.found[r]; ok {
		return list
	}
	list := []Match{}
	switch {
	case !s.applies(r):
	case r.Regex == "":
		if s.pass == 0 {
			list = append(list, s.nameMatch(r))
		}
	default:
		list = s.collect(r)
	}
	if s.found == nil {
		s.found = map[*rule][]Match{}
	}
	s.found[r] = list
	return list
}

func (s *search) collect(r *rule) []Match {
	list := []Match{}
	r.alone().FindAll(s.current, func(_, start, end int) {
		if s.ctx.Err() != nil {
			return
		}
		if len(list) == maxMatches {
			s.truncated = true
			return
		}
		if c, ok := s.judge(r, start, end); ok {
			m := c.match(r, len(s.text), s.pass)
			m.Entropy = c.entropy
			m.start = s.start(&m)
			list = append(list, m)
		}
	})
	return list
}

// near compares where gitleaks says that both begin.
func near(a, b Place, q secret.Required) bool {
	if q.WithinLines >= 0 && distance(a.StartLine, b.StartLine) > q.WithinLines {
		return false
	}
	return q.WithinColumns < 0 || distance(a.StartColumn, b.StartColumn) <= q.WithinColumns
}

func distance(a, b int) int { return max(a-b, b-a) }

// start is where gitleaks says that a match begins.
func (s *search) start(m *Match) Place {
	if m.rule.Regex == "" {
		return Place{}
	}
	p := s.lineIndex().place(m.at, m.to)
	p.Line = ""
	return p
}
