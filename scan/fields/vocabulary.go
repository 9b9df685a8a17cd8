package fields

import (
	"strings"
	"sync"
)

// vocabulary is the words that names and values are judged by, in lower case.
type vocabulary struct {
	passwordWords, machineWords, machineLast, bypasses      map[string]bool
	passwordEnds, machineEnds                               []string
	keyOwners                                               map[string]bool // before "key"
	harmlessEnds, harmlessStarts, harmlessPairs, exceptions map[string]bool

	states, plain, prose, sources, databases, stages map[string]bool
}

// vocabularies is made when it is first needed: most runs need none.
var vocabularies = sync.OnceValue(func() *vocabulary {
	return &vocabulary{
		passwordWords: set("pass pwd pw psw psk pin passcode mnemonic requirepass masterauth bindpw rootpw userpw authtok senha contrasena kennwort passwort userpass"),
		passwordEnds:  strings.Fields("password passwords passwd passphrase pwd pass passwort"),
		machineWords:  set("secret secrets token tokens credential credentials creds bearer nonce webhook sas accesskeyid"),
		machineEnds:   strings.Fields("secret token apikey apikeys accesskey secretkey privatekey authkey authkeys accountkey sharedkey masterkey signingkey encryptionkey credentials credential keydata accesssignature"),
		machineLast:   set("auth authorization salt cookie bearer"),
		bypasses:      set("bypass compass encompass trespass overpass underpass surpass singlepass firstpass multipass minipass onepass twopass renderpass"),
		keyOwners: set(`api client access account private secret encryption encrypt encrypted signing sign signature shared master license session storage subscription auth hmac cipher crypt
			crypto aes deploy ingest write integration root in nonce secure wallet consumer project sdk event tunnel service preshared rsa ecdsa jwt cookie vault validation decryption`),

		// A name that ends in one of these says where a secret is, or how it is made or used.
		harmlessEnds: set(`name names type types file files filename path paths dir directory url urls uri uris endpoint endpoints host header headers prefix suffix field fields
			length len min max size limit limits count expiry expires expiration expire ttl timeout lifetime age duration interval rotation policy policies provider providers algorithm alg
			method methods mode scheme enabled disabled enable disable required require version format encoding issuer audience scope scopes class manager ref reference store id ids label labels
			hint prompt regex pattern validator validation validators message description title placeholder env var variable command cmd helper rounds iterations cost factor strength usage index
			position created updated at status state namespace kind seconds minutes hours days retries lookup server service role roles mount generator template reset strategy encryption`),
		harmlessStarts: set("allow enable disable require has is use show hide forgot max min num no skip existing"),
		harmlessPairs: pairs(`next token, page token, continue token, continuation token, start token, end token, public key, max tokens, max token, min tokens, num tokens, total tokens,
			input token, output token, pull secret, pull secrets, tls secret, unk token, pad token, eos token, bos token, cancellation token, external secrets, existing secret`),
		exceptions: pairs("webhook url, hook url, access key id, accesskey id, access signature, secret id, webhook uri, token value, key data, sas url, sas uri"),

		states: set("true false yes no on off null none nil undefined y n t f enabled disabled enable disable auto nan ~"),
		// What programs are told about how to run, and not what they are given to keep.
		plain: set(`development production staging test testing dev prod stage local ci qa uat preview sandbox debug info notice warn warning error critical fatal trace verbose silent
			mysql mariadb postgres postgresql pgsql sqlite sqlite3 redis memcached mongodb rabbitmq kafka file files database array sync async queue cookie smtp sendmail log stack single daily
			stderr stdout json text utf-8 utf8 utf8mb4 utc en de fr es en_us en-us c.utf-8 http https tcp udp tls ssl lax strict bcrypt argon2 argon2id`),
		// Words that only sentences have.
		prose: set("the a an is are be of to for in on by with from as or and not no this that your you must can should will may see use used using if when set please at it them"),
		// What stands in ${source:name}, where no default follows the colon.
		sources: set("input inputs env file ssm self cf opt secrets secret vault sm aws command config param sops output keyvault"),
		// Schemes of URLs that are an address, a user and a password, and no secret otherwise.
		databases: set(`postgres postgresql mysql mysql2 mariadb mongodb redis rediss amqp amqps mssql sqlserver oracle cockroachdb clickhouse cassandra neo4j bolt nats kafka mqtt mqtts smtp smtps
			ftp sftp ssh ldap ldaps memcached elasticsearch couchbase db2 snowflake trino sqlite valkey imap imaps`),
		// Names that say in which surroundings a program runs and how it reports.
		stages: pairs(`node env, app env, rails env, rack env, flask env, django env, go env, mix env, symfony env, app name, log level, loglevel, log channel, log format, db connection, aws region,
			aws default region, region, tz, lang, locale, app locale, broadcast driver, cache driver, queue connection, session driver, mail mailer, mail driver`),
	}
})

func set(words string) map[string]bool { return setOf(strings.Fields(words)) }

// pairs is a set of what stands between commas.
func pairs(list string) map[string]bool {
	var all []string
	for words := range strings.SplitSeq(list, ",") {
		all = append(all, strings.Join(strings.Fields(words), " "))
	}
	return setOf(all)
}

func setOf(words []string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}
