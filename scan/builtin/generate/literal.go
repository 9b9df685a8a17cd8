package main

import (
	"bytes"
	"fmt"
	"reflect"
)

// writeLiteral writes v without the types that Go infers, its zero fields left out; elements have a line of their own
// down to a depth of lines.
func writeLiteral(b *bytes.Buffer, v reflect.Value, lines int) {
	switch v.Kind() {
	case reflect.Struct:
		writeElements(b, v.NumField(), lines, func(i int) bool {
			if v.Field(i).IsZero() {
				return false
			}
			fmt.Fprintf(b, "%s: ", v.Type().Field(i).Name)
			writeTyped(b, v.Field(i), lines-1)
			return true
		})
	case reflect.Slice:
		writeElements(b, v.Len(), lines, func(i int) bool {
			writeLiteral(b, v.Index(i), lines-1)
			return true
		})
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	default:
		fmt.Fprintf(b, "%#v", v)
	}
}

func writeTyped(b *bytes.Buffer, v reflect.Value, lines int) {
	if k := v.Kind(); k == reflect.Struct || k == reflect.Slice {
		b.WriteString(v.Type().String())
	}
	writeLiteral(b, v, lines)
}

func writeElements(b *bytes.Buffer, n, lines int, write func(i int) bool) {
	separator := ", "
	if lines > 0 {
		separator = ",\n"
	}
	b.WriteByte('{')
	if lines > 0 {
		b.WriteByte('\n')
	}
	for i := range n {
		if before := b.Len(); write(i) && b.Len() > before {
			b.WriteString(separator)
		}
	}
	b.WriteByte('}')
}
