/** What tests may lack, by what `need` calls it, and how a machine comes by it. */
interface Lacking {
  readonly called: RegExp
  /** As it is said where several tests say it a little differently. */
  readonly name?: string
  readonly get: string
}

/** Ways for Debian and Ubuntu, and for Docker where a server is needed. */
const known: readonly Lacking[] = [
  {
    called: /^PostgreSQL on/,
    name: "PostgreSQL on 127.0.0.1:5432, or where DENGLU_TEST_POSTGRES says",
    get: "docker run --detach --publish 127.0.0.1:5432:5432 --env POSTGRES_HOST_AUTH_METHOD=trust --env POSTGRES_DB=test postgres:15",
  },
  {
    called: /^MariaDB or MySQL on/,
    get: "docker run --detach --publish 127.0.0.1:3306:3306 --env MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1 mariadb:10.11",
  },
  { called: /^PostgreSQL's programs/, get: "apt-get install postgresql" },
  { called: /^MariaDB's programs/, get: "apt-get install mariadb-server" },
  { called: /\bredis-server$/, get: "apt-get install redis-server (tests start their own)" },
  { called: /\bcommand nginx$/, get: "apt-get install nginx-light (tests start their own)" },
  { called: /\bnginx and openssl$/, get: "apt-get install nginx-light openssl (tests start their own)" },
  { called: /^Chromium/, get: "apt-get install chromium fonts-noto-cjk" },
  { called: /\bsystemd-analyze$/, get: "apt-get install systemd" },
  { called: /\bstrace$/, get: "apt-get install strace" },
  { called: /npm run build/, get: "npm run build" },
  {
    called: /^the npm packages in packages\/simulator\/test\/clients/,
    get: "npm ci --prefix packages/simulator/test/clients",
  },
  {
    called: /network namespaces/,
    get: "run as root on Linux, apt-get install iproute2 nftables; in Docker --privileged",
  },
  { called: /unshare and setpriv/, get: "run as root on Linux, apt-get install util-linux" },
  { called: /^Linux/, get: "run them on Linux, as in Docker" },
]

/** A line each of what was lacking, and below it how to get it, whatever the number of tests that said so. */
export function whatIsLacking(needs: readonly string[]): readonly string[] {
  const counts = new Map<string, { readonly get: string | undefined; readonly tests: number }>()
  for (const need of needs) {
    const found = known.find(({ called }) => called.test(need))
    const name = found?.name ?? need
    counts.set(name, { get: found?.get, tests: (counts.get(name)?.tests ?? 0) + 1 })
  }
  return [...counts].flatMap(([name, { get, tests }]) => [
    `  ${name} (${tests} ${tests === 1 ? "test" : "tests"})`,
    ...(get === undefined ? [] : [`      ${get}`]),
  ])
}
