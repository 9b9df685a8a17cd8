# Reads a line of JSON {"parser": name, "raw": base64} after the other, and answers with {"tree": …}, {"missing": module}
# or {"error": …} each. An error names no text of the file.
import ast, base64, configparser, json, netrc, os, re, shlex, sys, tempfile, urllib.parse
import xml.etree.ElementTree as etree


def text_of(raw):
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def in_file(read):
    def parse(raw):
        with tempfile.NamedTemporaryFile() as f:
            f.write(raw)
            f.flush()
            return read(f.name)
    return parse


def read_json(raw):
    return json.loads(text_of(raw), object_pairs_hook=pairs)


def pairs(items):
    if len(dict(items)) != len(items):
        raise ValueError("a name twice")
    return dict(items)


def read_yaml(raw):
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("", lambda loader, suffix, node: [suffix, node.value])
    return list(yaml.load_all(text_of(raw), Loader))


def read_erb(raw):
    return read_yaml(re.sub(rb"<%.*?%>", b"erb", raw))


def read_toml(raw):
    import tomllib
    return tomllib.loads(text_of(raw))


def read_ini(raw, head=""):
    parser = configparser.RawConfigParser(allow_no_value=True, delimiters=("=",) if head else ("=", ":"))
    parser.optionxform = str
    parser.read_string(head + text_of(raw))
    return {section: dict(parser[section]) for section in parser.sections()}


def read_xml(raw):
    def tree(node):
        return [node.tag, node.attrib, node.text or "", [tree(child) for child in node], node.tail or ""]
    return tree(etree.fromstring(raw))


def read_netrc(path):
    return {host: list(entry) for host, entry in netrc.netrc(path).hosts.items()}


def read_dotenv(path):
    import dotenv
    return dotenv.dotenv_values(path, interpolate=False, encoding="utf-8-sig")


# As java.util.Properties says.
def read_properties(raw):
    lines, joined = [], ""
    for line in text_of(raw).splitlines():
        line = line.lstrip(" \t\f")
        if not joined and (not line or line[0] in "#!"):
            continue
        if re.search(r"(?<!\\)(\\\\)*\\$", line):
            joined += line[:-1]
            continue
        lines.append(joined + line)
        joined = ""
    unescape = lambda s: re.sub(r"\\(u[0-9a-fA-F]{4}|.)", lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}.get(m[1], m[1]), s)
    tree = {}
    for line in lines:
        key, value = re.match(r"((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)", line, re.S).groups()
        if unescape(key) in tree:
            raise ValueError("a name twice")
        tree[unescape(key)] = unescape(value)
    return tree


def lines_of(raw):
    return [line for line in text_of(raw).split("\n") if line.strip() and not line.startswith("#")]


def read_pgpass(raw):
    return [[re.sub(r"\\(.)", r"\1", cell) for cell in re.findall(r"((?:\\.|[^:\\])*)(?::|$)", line)[:5]] for line in lines_of(raw)]


def read_urls(raw):
    split = [urllib.parse.urlsplit(line.strip()) for line in lines_of(raw)]
    return [[u.scheme, u.hostname, u.username, u.password, urllib.parse.unquote(u.password)] for u in split]


def read_columns(raw):
    return [line.split(":", 1) for line in lines_of(raw)]


def read_words(raw):
    return [line.split() for line in text_of(raw).split("\n")]


def read_shell(raw):
    lex = shlex.shlex(text_of(raw), posix=True, punctuation_chars=True)
    lex.whitespace_split = True
    return list(lex)


def read_python(raw):
    module, strings = ast.parse(raw), []
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.append(node.value)
            node.value = ""
    return [strings, ast.dump(module)]


# The words, signs and strings of a language whose comments begin with mark.
def read_source(mark):
    token = re.compile(r'<<-?(\w+)\r?\n(.*?\n)[ \t]*\1\b|("(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\')|(' + mark + r"[^\n]*)|/\*.*?\*/|\w+|\S", re.S)

    def parse(raw):
        tree = []
        for m in token.finditer(text_of(raw)):
            if m[2]:
                tree.append([m[1], "\n".join(line.strip() for line in m[2].splitlines())])
            elif m[3]:
                tree.append(["string", string(m[3])])
            elif m[4]:
                tree.append(["comment"])
            else:
                tree.append(m[0])
        return tree
    return parse


def string(quoted):
    if quoted[0] == "'":
        return re.sub(r"\\(['\\])", r"\1", quoted[1:-1])
    text = quoted.replace("$${", "${").replace("%%{", "%{")
    try:
        return json.loads(text)
    except ValueError:
        return re.sub(r"\\(.)", r"\1", text[1:-1])


PARSERS = {
    "json": read_json, "yaml": read_yaml, "yaml-erb": read_erb, "toml": read_toml, "ini": read_ini, "xml": read_xml,
    "keys": lambda raw: read_ini(raw, "[all]\n"), "netrc": in_file(read_netrc), "dotenv": in_file(read_dotenv),
    "properties": read_properties, "pgpass": read_pgpass, "urls": read_urls, "columns": read_columns, "words": read_words,
    "shell": read_shell, "python": read_python, "source-hash": read_source("#"), "source-slash": read_source("//"),
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"tree": PARSERS[request["parser"]](base64.b64decode(request["raw"]))}
        answer = json.dumps(answer, default=str)
    except ImportError as e:
        answer = json.dumps({"missing": e.name})
    except Exception as e:
        place = getattr(e, "problem_mark", None) or getattr(e, "lineno", "")
        answer = json.dumps({"error": "%s %s" % (type(e).__name__, getattr(place, "line", place))})
    print(answer, flush=True)
