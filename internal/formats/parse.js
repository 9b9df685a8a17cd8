// Reads a line of JSON {"parser": name, "raw": base64} after the other, and answers with {"tree": …}, {"missing": function}
// or {"error": …} each. An error names no text of the file.
'use strict'
const vm = require('vm')
const util = require('util')

const parsers = {
  json: text => JSON.parse(text),
  jsonc: text => vm.runInNewContext('(' + text + '\n)'),
  dotenv: text => util.parseEnv(text),
  js: text => {
    const module = { exports: {} }
    vm.runInNewContext(text, { module })
    return module.exports
  },
}

require('readline').createInterface({ input: process.stdin }).on('line', line => {
  const { parser, raw } = JSON.parse(line)
  let answer
  try {
    if (parser === 'dotenv' && !util.parseEnv) answer = { missing: 'util.parseEnv' }
    else answer = { tree: parsers[parser](Buffer.from(raw, 'base64').toString().replace(/^\uFEFF/, '')) }
  } catch (e) {
    answer = { error: e.name }
  }
  console.log(JSON.stringify(answer))
})
