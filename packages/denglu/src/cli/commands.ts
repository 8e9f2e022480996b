import { auditCommands } from "./audit-commands.ts"
import type { Command } from "./command.ts"
import { config, dev, json, limit, user, whereSettings } from "./flags.ts"
import { platformCommands } from "./platform-commands.ts"
import { userCommands } from "./user-commands.ts"

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  {
    name: "dev",
    says: {
      en: "try it out: login server and simulated WeChat on this machine",
      zh: "试一试：在本机启动登录服务器和模拟微信",
    },
    flags: [
      {
        name: "port",
        value: "N",
        says: { en: "login server; default: 3000", zh: "登录服务器端口，默认 3000" },
      },
      {
        name: "simulator-port",
        value: "N",
        says: {
          en: "simulated WeChat and playground; default: 3001",
          zh: "模拟微信和演练场端口，默认 3001",
        },
      },
      { name: "open", says: { en: "open the playground in the browser", zh: "在浏览器中打开演练场" } },
    ],
    more: {
      en: "Data is kept under .denglu/ in this folder; delete it to begin afresh. Ctrl-C ends it.",
      zh: "数据保存在当前目录的 .denglu/ 中，删除它即可重新开始。按 Ctrl-C 结束。",
    },
    examples: [
      { line: "npx denglu dev", says: { en: "begin", zh: "开始" } },
      { line: "npx denglu dev --port 4000", says: { en: "if 3000 is taken", zh: "3000 端口被占用时" } },
    ],
    load: async () => (await import("./dev.ts")).runDev,
  },
  {
    name: "start",
    says: { en: "the login server, for production", zh: "启动登录服务器（生产环境）" },
    flags: [
      config,
      { name: "port", value: "N", says: { en: "default: PORT, else 3000", zh: "默认取 PORT，否则 3000" } },
      {
        name: "host",
        value: "ADDRESS",
        says: {
          en: "default: HOST, else 127.0.0.1; in a container 0.0.0.0",
          zh: "默认取 HOST，否则 127.0.0.1；容器中用 0.0.0.0",
        },
      },
    ],
    more: {
      en: `Environment (goes over the configuration file):
  WECHAT_APPID            wx and 16 more characters, from mp.weixin.qq.com
  WECHAT_SECRET           the AppSecret, from the same page
  WECHAT_PUSH_TOKEN       Token of the message push (消息推送), if you want it
  WECHAT_PUSH_AES_KEY     its EncodingAESKey, for the safe mode
  DENGLU_SECRET           openssl rand -base64 32; while you change it: new,old
  DENGLU_STORE            default: sqlite:./data/login.db; postgres://…, mysql://… for several instances;
                          ?connections=20 at its end: so many connections at most (10)
  DENGLU_REDIS            redis://…: limits and news shared faster; not needed
  PORT, HOST              default: 3000, 127.0.0.1
  DENGLU_ISSUER           iss of access tokens; default: denglu
  DENGLU_BASE_PATH        /auth makes POST /auth/login
  DENGLU_TRUSTED_PROXIES  addresses or ranges of your reverse proxies, with commas between
  DENGLU_CLOUD_HOSTING    true: believe X-WX-OPENID of 微信云托管; nobody else may reach the server
  DENGLU_ALLOWED_ORIGINS  origins whose web pages may call, with commas between
  DENGLU_BROWSER_SESSIONS 1: web pages may keep their session in cookies no script can read
  DENGLU_ALLOWED_REDIRECTS  addresses to send a web page to after its login, with commas between
  DENGLU_PASSWORDS        on: logins by password; register: everybody may make an account
  DENGLU_SMS              tencent or aliyun: logins by SMS; needs SMS_KEY_ID, SMS_KEY_SECRET, SMS_SIGN_NAME,
                          SMS_TEMPLATE, and for tencent SMS_APP_ID
  DENGLU_SMS_COUNTRIES    country codes that messages go to, with commas between; default: 86
  LOG_LEVEL               fatal, error, warn, info, debug, trace; default: info

Configuration file: export default { apps: [{ appid, secret }], store, secret, port, host, logLevel, … }
On SIGTERM it answers 503 on /readyz, finishes what is under way (10 s at most) and exits.`,
      zh: `环境变量（优先于配置文件）：
  WECHAT_APPID            wx 加 16 个字符，见 mp.weixin.qq.com
  WECHAT_SECRET           AppSecret，在同一页面
  WECHAT_PUSH_TOKEN       消息推送的 Token，需要消息推送时设置
  WECHAT_PUSH_AES_KEY     消息推送的 EncodingAESKey，安全模式需要
  DENGLU_SECRET           openssl rand -base64 32；更换期间写：新,旧
  DENGLU_STORE            默认 sqlite:./data/login.db；多实例用 postgres://…、mysql://…；
                          末尾加 ?connections=20：最多这么多连接（默认 10）
  DENGLU_REDIS            redis://…：更快地共享限流和消息，可不设置
  PORT、HOST              默认 3000、127.0.0.1
  DENGLU_ISSUER           访问令牌的 iss，默认 denglu
  DENGLU_BASE_PATH        设为 /auth 则路径为 POST /auth/login
  DENGLU_TRUSTED_PROXIES  反向代理的地址或网段，用逗号分隔
  DENGLU_CLOUD_HOSTING    设为 true 则信任微信云托管的 X-WX-OPENID，须关闭公网访问
  DENGLU_ALLOWED_ORIGINS  允许调用的网页来源，用逗号分隔
  DENGLU_BROWSER_SESSIONS 设为 1：网页可以把会话放在脚本读不到的 Cookie 中
  DENGLU_ALLOWED_REDIRECTS  网页登录后允许跳转到的地址，用逗号分隔
  DENGLU_PASSWORDS        on：密码登录；register：允许任何人注册
  DENGLU_SMS              tencent 或 aliyun：短信登录；另需 SMS_KEY_ID、SMS_KEY_SECRET、SMS_SIGN_NAME、
                          SMS_TEMPLATE，腾讯云还需 SMS_APP_ID
  DENGLU_SMS_COUNTRIES    允许发送短信的国家或地区代码，用逗号分隔，默认 86
  LOG_LEVEL               fatal、error、warn、info、debug、trace，默认 info

配置文件：export default { apps: [{ appid, secret }], store, secret, port, host, logLevel, … }
收到 SIGTERM 后 /readyz 返回 503，处理完正在进行的请求（最多 10 秒）再退出。`,
    },
    examples: [
      { line: "npx denglu start", says: { en: "settings from the environment", zh: "从环境变量读取设置" } },
      {
        line: "npx denglu start --config deploy/denglu.config.ts",
        says: { en: "settings from a file", zh: "从文件读取设置" },
      },
    ],
    load: async () => (await import("./start.ts")).runStart,
  },
  {
    name: "doctor",
    says: {
      en: "checks Node, secret, store and its settings, clock, Redis, whether WeChat accepts appid and secret, and access_token",
      zh: "检查 Node、密钥、存储及其设置、时钟、Redis，微信是否接受 appid 和 secret，以及 access_token",
    },
    flags: [config, dev, json],
    more: {
      en: "Of a database it tells whether it answers in time and may be written, whether its schema fits this version, which\nsettings let a power cut take back what was answered (fsync, synchronous_commit, full_page_writes; sync_binlog,\ninnodb_flush_log_at_trx_commit, innodb_doublewrite), whether binlog_format refuses logins, whether\nInnoDB has little memory, and how far its clock is from this machine's. It changes nothing there. Of Redis it\ntells whether it counts and passes news on. Of the access_token it tells whether WeChat gives it to this machine (IP\nallow-list: 40164), and whether somebody else is refreshing the appid; it never renews one by force.\nThe exit code is 1 if a check fails.",
      zh: "对数据库检查：能否及时应答并写入；结构版本是否与本版本相符；哪些设置会在断电时丢失已应答的数据（fsync、\nsynchronous_commit、full_page_writes；sync_binlog、innodb_flush_log_at_trx_commit、innodb_doublewrite）；\nbinlog_format 是否会拒绝登录；InnoDB 内存是否偏小；与本机时钟相差多少。不会修改数据库。对 Redis 检查：\n能否计数和转发消息。对 access_token 检查：本机能否获取（IP 白名单：40164），以及是否有其他程序在\n刷新该 appid；不会强制刷新。有检查未通过时，退出码为 1。",
    },
    examples: [
      { line: "npx denglu doctor", says: { en: "before the first start", zh: "首次启动之前" } },
      { line: "npx denglu doctor --dev", says: { en: "while denglu dev runs", zh: "denglu dev 运行时" } },
    ],
    load: async () => (await import("./doctor.ts")).runDoctor,
  },
  {
    name: "migrate",
    says: {
      en: "brings the database's schema up to date, before new instances start",
      zh: "升级数据库结构，在启动新实例之前运行",
    },
    flags: [
      { name: "check", says: { en: "only say whether there is something to do", zh: "只检查是否需要升级" } },
      config,
      json,
    ],
    more: {
      en: "Instances that run go on running: a schema only grows. Long transactions are waited for, a minute. Stopped half-way, call it again.\nA server does the same when it starts, if its database user may; --check exits with 1 if something is to do.",
      zh: "运行中的实例不受影响：结构只增不减。遇到长事务会等待，至多约一分钟。中途停止后再次运行即可。\n服务器启动时也会自动升级（数据库用户有权限时）；--check 发现需要升级时退出码为 1。",
    },
    examples: [
      {
        line: "npx denglu migrate",
        says: { en: "the store of DENGLU_STORE", zh: "DENGLU_STORE 指定的存储" },
      },
      { line: "npx denglu migrate --check", says: { en: "in a pipeline", zh: "用于发布流水线" } },
    ],
    load: async () => (await import("./migrate.ts")).runMigrate,
  },
  {
    name: "copy",
    says: {
      en: "copies everything into another database, and checks every row",
      zh: "把全部数据复制到另一个数据库，并逐行校验",
    },
    flags: [
      {
        name: "from",
        value: "STORE",
        says: {
          en: "sqlite:FILE, postgres://… or mysql://…; only read, and nobody may use it meanwhile",
          zh: "来源：sqlite:文件、postgres://… 或 mysql://…，只读取，复制期间须停用",
        },
      },
      {
        name: "to",
        value: "STORE",
        says: {
          en: "postgres://… or mysql://…, with nothing in it",
          zh: "目标：postgres://… 或 mysql://…，须为空",
        },
      },
      json,
    ],
    more: {
      en: "Stopped or killed, call it again with the same words: it goes on where it was.\nThe DENGLU_SECRET stays the same: what is encrypted is copied as it is, and everybody stays logged in.\nA password in a URL is seen by who may list processes: $VARIABLES of your shell don't hide it, but --from and --to also take the name of an environment variable, as env:OLD_STORE.",
      zh: "中途停止或被杀死后，用同样的参数再次运行即可继续。\nDENGLU_SECRET 保持不变：加密数据原样复制，所有人保持登录。\n写在命令行里的密码会出现在进程列表中：--from 和 --to 也可以写成环境变量名，如 env:OLD_STORE。",
    },
    examples: [
      {
        line: "npx denglu copy --from sqlite:./data/login.db --to env:DENGLU_STORE",
        says: {
          en: "from one file to a database that instances share",
          zh: "从单个文件迁移到多实例共享的数据库",
        },
      },
    ],
    load: async () => (await import("./copy.ts")).runCopy,
  },
  {
    name: "keys list",
    says: { en: "the keys that sign access tokens", zh: "列出签名密钥" },
    flags: [config, dev, json],
    more: whereSettings,
    examples: [{ line: "npx denglu keys list", says: { en: "as a table", zh: "以表格显示" } }],
    load: async () => (await import("./keys.ts")).listKeys,
  },
  {
    name: "keys rotate",
    says: {
      en: "sign with the next key from now on; tokens signed before stay good",
      zh: "立即启用下一个签名密钥，已签发的令牌继续有效",
    },
    flags: [config, dev, json],
    more: whereSettings,
    examples: [{ line: "npx denglu keys rotate", says: { en: "rotate now", zh: "立即轮换" } }],
    load: async () => (await import("./keys.ts")).rotateKeys,
  },
  {
    name: "sessions list",
    says: { en: "live sessions, the latest first", zh: "列出有效会话，最新的在前" },
    flags: [user, limit, config, dev, json],
    more: whereSettings,
    examples: [
      { line: "npx denglu sessions list", says: { en: "the latest 50", zh: "最新的 50 个" } },
      {
        line: "npx denglu sessions list --user 7q0… --json",
        says: { en: "one user's, for a script", zh: "某个用户的，供脚本使用" },
      },
    ],
    load: async () => (await import("./sessions.ts")).listSessions,
  },
  {
    name: "sessions revoke",
    says: { en: "end a session, or all of a user's", zh: "结束一个会话，或某个用户的全部会话" },
    argument: "ID",
    flags: [user, config, dev, json],
    more: {
      en: `A running server refuses their tokens within a second.\n${whereSettings.en}`,
      zh: `正在运行的服务器在一秒内拒绝其令牌。\n${whereSettings.zh}`,
    },
    examples: [
      { line: "npx denglu sessions revoke 4k1…", says: { en: "one session", zh: "一个会话" } },
      {
        line: "npx denglu sessions revoke --user 7q0…",
        says: { en: "all of a user's", zh: "某个用户的全部会话" },
      },
    ],
    load: async () => (await import("./sessions.ts")).revokeSessions,
  },
  ...platformCommands,
  ...auditCommands,
  ...userCommands,
]
