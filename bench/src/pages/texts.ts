import type { Text } from "../bench.ts"

export type Language = keyof Text

/** What the pages say around the figures. `{…}` is filled in. */
export const texts = {
  title: { en: "Benchmarks", zh: "性能测试" },
  other: { en: "[中文](../zh/benchmarks.md)", zh: "[English](../en/benchmarks.md)" },
  about: {
    en: "Written by `npm run bench` on {date}, from {rounds} alternating rounds of {seconds} s a window; not edited. Figures are of this machine: {machine}, {system}. **Ratios carry over to yours, absolute figures don't.** Server, load and databases share these cores.",
    zh: "由 `npm run bench` 于 {date} 生成，交替 {rounds} 轮，每个窗口 {seconds} 秒，未经手工修改。数字属于这台机器：{machine}，{system}。**比值可以参考，绝对值不能照搬。** 服务器、数据库和压测工具共用这几个核。",
  },
  short: {
    en: "This was a short run, made to see that everything works: its figures are rough.",
    zh: "这是一次用于确认流程的短测，数字粗略。",
  },
  foreign: {
    en: "Other programs used up to {foreign} cores in windows that were kept: absolute figures are low, and ratios uncertain.",
    zh: "保留的窗口中，其他程序最多占用了 {foreign} 个核：绝对值偏低，比值不可靠。",
  },
  logins: { en: "Logins, 64 clients", zh: "登录，64 个客户端" },
  loginsAbout: {
    en: "`POST /login` with a code nobody has sent before; half of the logins are of 100,000 known people, half of new ones. WeChat answers at once. Ratio: to a `node:http` server that keeps nothing.",
    zh: "`POST /login`，每个 code 只用一次；一半是 10 万个老用户，一半是新用户。微信立即应答。比值以不存任何东西的 `node:http` 服务器为 1。",
  },
  cpu: { en: "CPU of a login", zh: "每次登录的 CPU" },
  cpuAbout: {
    en: "Microseconds of CPU, read from `/proc`: what a login costs wherever server and database run.",
    zh: "从 `/proc` 读出的 CPU 微秒数：无论服务器和数据库放在哪里，一次登录都要付出的代价。",
  },
  slow: { en: "Logins, 512 clients, WeChat takes 20 ms", zh: "登录，512 个客户端，微信用时 20 毫秒" },
  alone: { en: "Logins, one client", zh: "登录，单个客户端" },
  refreshes: { en: "Refreshes beside logins", zh: "刷新与登录" },
  instances: { en: "One instance and two", zh: "一个实例与两个实例" },
  check: { en: "Token check", zh: "校验令牌" },
  checkAbout: {
    en: "`GET /me` behind a token that has been seen before, 64 connections. Ratio: to bare `node:http`, or to the bare framework.",
    zh: "用见过的令牌请求 `GET /me`，64 个连接。比值以空的 `node:http` 或空框架为 1。",
  },
  sqlite: { en: "SQLite", zh: "SQLite" },
  sqliteAbout: {
    en: "`synchronous=FULL`, 64 connections. Ratio: to logins that are committed one by one on the same disk.",
    zh: "`synchronous=FULL`，64 个连接。比值以同一磁盘上逐个提交为 1。",
  },
  large: { en: "Ten million sessions", zh: "一千万个会话" },
  largeElsewhere: {
    en: "They take three quarters of an hour by themselves and have [a page of their own](benchmarks-large.md).",
    zh: "单独测量约需四十五分钟，见[单独的页面](benchmarks-large.md)。",
  },
  largeOther: { en: "[中文](../zh/benchmarks-large.md)", zh: "[English](../en/benchmarks-large.md)" },
  largeAbout: {
    en: "Whether logins and refreshes become slower when the database is full: PostgreSQL with {people} people and {sessions} sessions ({gigabytes} GB with the audit of their logins, `shared_buffers` at its default of 128 MB), beside one with 100,000 people; 64 clients each, half of the logins of known people. Ratio: to logins with few sessions.",
    zh: "数据库存满之后，登录和刷新是否变慢：一个 PostgreSQL 有 {people} 个用户和 {sessions} 个会话（连同登录的审计共 {gigabytes} GB，`shared_buffers` 为默认的 128 MB），另一个有 10 万个用户；各 64 个客户端，一半的登录来自老用户。比值以会话很少时的登录为 1。",
  },
  rest: { en: "At rest and at start", zh: "静态存储与启动" },
  wanted: { en: "What was wanted, and what came out", zh: "目标与结果" },
  who: { en: "Who is compared", zh: "对比对象" },
  whoList: {
    en: [
      "**Denglu** is the whole product as `denglu start` runs it: tokens signed, `session_key` encrypted, limits on (set too high to be met), a line of log for each login (to `/dev/null`). “One login a statement” switches off that logins which arrive together are written together.",
      "**Express + request + pg** and **Express 5 + axios + pg** are what tutorials show and what most people write: find or create the user, then insert the session; two statements, pg's pool of ten. Their token is random and its hash is stored, which is cheaper than a signed one. They log nothing, limit nothing and encrypt nothing.",
      "**Fastify + undici + pg** is the same with care: one prepared statement, a pool of connections to WeChat.",
      "**Express 5 + axios + mysql2**: two prepared statements, mysql2's pool of ten.",
      "**Express 5 + express-session + Redis**: connect-redis; the session is all that is kept, and Redis does not write to disk before it answers. A power cut may lose its logins, as it loses those of whoever keeps nothing on disk.",
      "**better-auth** has no way in by a mini program's code: measured is the plugin its documentation tells one to write, around its own sign-in by a provider's account. SQLite with WAL and `synchronous=FULL`.",
      "**wafer2-node-sdk** 1.4.5 is not on npm. It is measured if `BENCH_WAFER2` names a checkout in which `npm install --omit=dev` was run. It keeps a row per person, no sessions.",
      "**node:http, keeps nothing** asks WeChat and answers a random token: the limit of any login on Node.",
    ],
    zh: [
      "**Denglu** 是完整产品，与 `denglu start` 相同：令牌签名，`session_key` 加密，限流开启（上限设得足够高），每次登录写一行日志（写到 `/dev/null`）。“每次登录一条语句”关闭了把同时到达的登录合并写入的功能。",
      "**Express + request + pg** 与 **Express 5 + axios + pg** 是教程里的写法，也是多数人的写法：查找或创建用户，再插入会话；两条语句，pg 默认的十个连接。令牌是随机串，只存散列，比签名便宜。它们不写日志，不限流，不加密。",
      "**Fastify + undici + pg** 是精心编写的版本：一条预编译语句，到微信的连接池。",
      "**Express 5 + axios + mysql2**：两条预编译语句，mysql2 默认的十个连接。",
      "**Express 5 + express-session + Redis**：connect-redis；只存会话，Redis 应答之前不写磁盘。断电时会丢失登录，与不写磁盘的方案相同。",
      "**better-auth** 没有用小程序 code 登录的功能：测的是按其文档编写的插件，内部使用它自己的第三方账号登录。SQLite 使用 WAL 与 `synchronous=FULL`。",
      "**wafer2-node-sdk** 1.4.5 不在 npm 上。`BENCH_WAFER2` 指向已执行 `npm install --omit=dev` 的代码目录时才测。它每人只有一行，没有会话。",
      "**node:http，不存任何东西**：向微信换取身份后返回随机令牌，是 Node 上任何登录的上限。",
    ],
  },
  how: { en: "How it is measured", zh: "测量方法" },
  howList: {
    en: [
      "One server process on core 0; wrk, the simulated WeChat and the databases on core 1; loopback; `NODE_ENV=production`. A B C, A B C, …: a server and a database of its own for every window, a warm-up of ten seconds (three for the token check), medians, ratios within a round.",
      "PostgreSQL, MariaDB and Redis are started for the bench, with their default settings, and removed after it; MariaDB is given 1 GB of buffer pool and of log, because with its default of 128 MB every candidate would be measuring the disk. Every commit is durable: `fsync`, `synchronous_commit` and `full_page_writes` are on, `innodb_flush_log_at_trx_commit` is 1; the bench refuses to run otherwise.",
      "CPU comes from `/proc`, of whole trees of processes; fsyncs from `pg_stat_wal`. A window in which other programs used more than 0.05 of a core is measured again, twice at most, and the cleanest is kept, whatever it says. Any answer other than 2xx is a missed target.",
      "A fast disk favours the others: where a flush takes a millisecond, who flushes once a login waits, and who flushes once for fifty does not.",
    ],
    zh: [
      "一个服务器进程在 0 号核；wrk、模拟微信和数据库在 1 号核；走环回网卡；`NODE_ENV=production`。按 A B C、A B C 轮流，每个窗口使用全新的服务器与数据库，预热十秒（校验令牌为三秒），取中位数，比值在同一轮内计算。",
      "PostgreSQL、MariaDB 与 Redis 由测试自己启动，使用默认配置，结束后删除；MariaDB 的缓冲池与日志各为 1 GB，因为默认的 128 MB 会让每个方案都在测磁盘。每次提交都落盘：`fsync`、`synchronous_commit`、`full_page_writes` 为 on，`innodb_flush_log_at_trx_commit` 为 1，否则拒绝运行。",
      "CPU 取自 `/proc` 中的整个进程树，fsync 次数取自 `pg_stat_wal`。其他程序占用超过 0.05 个核的窗口会重测，最多两次，保留最干净的一次，不看结果好坏。任何非 2xx 的应答都算未达标。",
      "快磁盘对别的方案有利：如果落盘要一毫秒，每次登录都落盘的方案要等，五十次登录合并落盘的则不用。",
    ],
  },
  repeat: { en: "Repeat it", zh: "自己测一遍" },
  repeatAbout: {
    en: "Two idle cores, Linux, a folder on a disk (`BENCH_FOLDER`). {minutes} The last line names the file with every window.",
    zh: "需要两个空闲的核、Linux 和一个磁盘上的目录（`BENCH_FOLDER`）。{minutes}最后一行是保存全部窗口数据的文件。",
  },
  minutes: {
    en: "Everything takes about an hour; `--large` adds ten million sessions, 11 GB and three quarters of an hour.",
    zh: "全部约一小时；`--large` 另加一千万个会话、11 GB 磁盘和四十五分钟。",
  },
  minutesLarge: { en: "Three quarters of an hour, 11 GB of disk.", zh: "约四十五分钟，11 GB 磁盘。" },
  versions: { en: "Versions", zh: "版本" },
} as const satisfies Record<string, Text | { readonly en: readonly string[]; readonly zh: readonly string[] }>

/** Heads of the tables. */
export const heads = {
  who: { en: "", zh: "" },
  perSecond: { en: "a second", zh: "每秒" },
  spread: { en: "min–max", zh: "最小–最大" },
  ratio: { en: "ratio", zh: "比值" },
  to: { en: "to", zh: "相对于" },
  server: { en: "µs server", zh: "服务器 µs" },
  database: { en: "µs database", zh: "数据库 µs" },
  flushes: { en: "fsyncs", zh: "fsync" },
  memory: { en: "RSS MB", zh: "内存 MB" },
  target: { en: "target", zh: "项目" },
  measured: { en: "measured", zh: "结果" },
  wanted: { en: "wanted", zh: "目标" },
  limit: { en: "what limits it", zh: "瓶颈" },
} as const satisfies Record<string, Text>
