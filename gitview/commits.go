package gitview

import (
	"container/heap"
	"fmt"
)

// Messages of the commits that are made up.
const (
	stateMessage  = "The project, as Cofferdam shows it\n"
	stagedMessage = "Staged work, as Cofferdam shows it\n"
)

const maxCommit = 16 << 20 // bytes of a commit

// commits makes the commits of the view and tells the last one. entries are the project's index.
func (b *builder) commits(head head, entries []entry) (oid, error) {
	if head.id == "" && len(committed(b.index)) == 0 {
		return "", nil
	}
	staged, err := b.stagedTree()
	if err != nil {
		return "", err
	}
	if head.id == "" {
		return b.stagedCommit(staged, "", 0)
	}
	last, err := b.objects.commit(head.id)
	if err != nil {
		return "", err
	}
	if staged == last.tree || b.unstaged(entries, last.tree) {
		b.trees[version{"", last.tree}] = staged
	}
	tip, err := b.base(head.id, last)
	b.built.Base = tip.String()
	if err != nil || b.trees[version{"", last.tree}] == staged {
		return tip, err
	}
	return b.stagedCommit(staged, tip, last.committer.time)
}

// unstaged reports whether entries are those of the tree head: then what the view has of it is known already, and none of
// its parts has to be read.
func (b *builder) unstaged(entries []entry, head oid) bool {
	index := treeBuilder{format: b.format(), store: func(tree []byte) (oid, error) { return b.format().id(treeKind, tree), nil }}
	id, err := index.build(committed(entries))
	return err == nil && id == head
}

// base makes the commits that stand for those of the project.
func (b *builder) base(id oid, last commit) (oid, error) {
	if b.options.History > 0 {
		return b.history(id, last)
	}
	tree, err := b.tree(last.tree, "")
	if err != nil {
		return "", err
	}
	made, err := b.synthetic(tree, nil, stateMessage, last.committer.time)
	b.built.Commits[made.String()] = id.String()
	return made, err
}

func (b *builder) stagedCommit(tree, parent oid, time int64) (oid, error) {
	var parents []oid
	if parent != "" {
		parents = []oid{parent}
	}
	id, err := b.synthetic(tree, parents, stagedMessage, time)
	b.built.Staged = id.String()
	return id, err
}

// synthetic makes a commit. It has the time of the project's, so that the same state gives the same commit.
func (b *builder) synthetic(tree oid, parents []oid, message string, time int64) (oid, error) {
	who := signature{Inside, time, "+0000"}
	return b.pack.add(commitKind, commit{tree, parents, who, who, "", []byte(message)}.encode())
}

// history rewrites the last commits. Their parents that are not among them are cut off.
func (b *builder) history(id oid, last commit) (oid, error) {
	chosen, err := b.recent(id, last)
	if err != nil {
		return "", err
	}
	made := map[oid]oid{}
	for _, id := range parentsFirst(id, chosen) {
		if made[id], err = b.rewrite(chosen[id], made); err != nil {
			return "", fmt.Errorf("commit %s: %w", id, err)
		}
		b.built.Commits[made[id].String()] = id.String()
	}
	return made[id], nil
}

func (b *builder) rewrite(c commit, made map[oid]oid) (id oid, err error) {
	var parents []oid
	for _, parent := range c.parents {
		if new, ok := made[parent]; ok {
			parents = append(parents, new)
		}
	}
	c.parents = parents
	if c.tree, err = b.tree(c.tree, ""); err != nil {
		return "", err
	}
	if c.message, err = b.shown.Text(b.ctx, c.message); err != nil {
		return "", err
	}
	if b.options.Known.has(c.encode()) {
		c.message, c.author.Person, c.committer.Person = nil, Inside, Inside
	}
	return b.pack.add(commitKind, c.encode())
}

// recent reads the last commits, by the time of their committers. One that is missing ends its line: a shallow clone
// has no more.
func (b *builder) recent(id oid, last commit) (map[oid]commit, error) {
	chosen, seen := map[oid]commit{}, map[oid]bool{id: true}
	queue := &byTime{{id, last}}
	for queue.Len() > 0 && len(chosen) < b.options.History {
		next := heap.Pop(queue).(dated)
		chosen[next.id] = next.commit
		for _, parent := range next.commit.parents {
			if seen[parent] {
				continue
			}
			seen[parent] = true
			c, err := b.objects.commit(parent)
			if unfit(err) != "" {
				continue
			}
			if err != nil {
				return nil, err
			}
			heap.Push(queue, dated{parent, c})
		}
	}
	return chosen, nil
}

// parentsFirst is the commits of chosen that id descends from, and id, each after its parents.
func parentsFirst(id oid, chosen map[oid]commit) (order []oid) {
	type visit struct {
		id   oid
		left []oid
	}
	done := map[oid]bool{id: true}
	stack := []visit{{id, chosen[id].parents}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.left) == 0 {
			order = append(order, top.id)
			stack = stack[:len(stack)-1]
			continue
		}
		parent := top.left[0]
		top.left = top.left[1:]
		if c, ok := chosen[parent]; ok && !done[parent] {
			done[parent] = true
			stack = append(stack, visit{parent, c.parents})
		}
	}
	return order
}

// dated is a commit that waits for its turn.
type dated struct {
	id     oid
	commit commit
}

// byTime is a heap whose first is the commit that was made last.
type byTime []dated

func (q byTime) Len() int           { return len(q) }
func (q byTime) Less(i, j int) bool { return q[i].commit.committer.time > q[j].commit.committer.time }
func (q byTime) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *byTime) Push(x any)        { *q = append(*q, x.(dated)) }
func (q *byTime) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
