import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import type { Bilingual } from "../http/problem-entry.ts"
import { type Examination, examineDatabase } from "../store/examine-database.ts"
import { openStore } from "../store/open-store.ts"
import { neededSettings, type WeakSetting } from "../store/weak-setting.ts"
import { checkLeaving } from "./doctor-leaving.ts"
import type { Finding } from "./finding.ts"

/** What `createVerifier` allows for, milliseconds: services that check tokens go by their own clock. */
const clockTolerance = 5_000

/** What is to be said of a database that instances share. */
export async function checkDatabase(url: string, clock: Clock): Promise<readonly Finding[]> {
  let examination: Examination
  try {
    examination = await examineDatabase(url, clock)
  } catch (error) {
    return [unreachable(error)]
  }
  return [
    storeFinding(examination),
    schemaFinding(examination.schema),
    ...durabilityFindings(examination),
    ...memoryFindings(examination),
    clockFinding(examination, clock),
    ...(await leavingFindings(url, examination)),
  ]
}

/** Opening a store brings its schema up to date, and nothing is changed here: another schema is not looked into. */
async function leavingFindings(
  url: string,
  { takesWrites, mayWrite, schema }: Examination,
): Promise<readonly Finding[]> {
  if (!takesWrites || !mayWrite || schema.version !== schema.known) return []
  const store = await openStore(url, { role: "guest" })
  try {
    return await checkLeaving(store)
  } finally {
    await store.close()
  }
}

function unreachable(error: unknown): Finding {
  const reason = error instanceof DengluError || error instanceof TypeError ? error.message : "it failed"
  return {
    check: "store",
    ok: false,
    says: {
      en: `can't be used: ${reason}. Check host, port, user, password and database in DENGLU_STORE, and what stands between (firewall, allowed addresses).`,
      zh: `不可用：${reason}。请检查 DENGLU_STORE 中的主机、端口、用户、密码和数据库名，以及防火墙和允许访问的地址。`,
    },
  }
}

function nameOf({ engine, version }: Examination): string {
  if (engine === "postgres") return `PostgreSQL ${version}`
  const [number = "", ...rest] = version.split("-")
  return `${rest.includes("MariaDB") ? "MariaDB" : "MySQL"} ${number}`
}

function storeFinding(examination: Examination): Finding {
  const { roundTrip, takesWrites, mayWrite } = examination
  const name = nameOf(examination)
  if (!takesWrites)
    return {
      check: "store",
      ok: false,
      says: {
        en: `${name} takes no writes: it is a replica, or set read-only. Name the primary in DENGLU_STORE.`,
        zh: `${name} 不接受写入：可能是只读副本，或被设为只读。请在 DENGLU_STORE 中填写主库。`,
      },
    }
  if (!mayWrite)
    return {
      check: "store",
      ok: false,
      says: {
        en: `${name} answers, but this user may not write in it, or make its tables. Grant it that, or make it the owner of the schema.`,
        zh: `${name} 可以连接，但该用户没有写入或建表的权限。请授权，或让该用户拥有该 schema。`,
      },
    }
  return {
    check: "store",
    ok: true,
    says: {
      en: `${name} answers in ${Math.max(1, roundTrip)} ms and takes writes.`,
      zh: `${name} 在 ${Math.max(1, roundTrip)} 毫秒内应答，可以写入。`,
    },
  }
}

export function schemaFinding({ version, known, runsCodeFrom }: Examination["schema"]): Finding {
  const check = "schema"
  if (version === 0)
    return {
      check,
      ok: true,
      says: {
        en: "none yet: denglu migrate makes it, or the first start.",
        zh: "尚未创建：运行 denglu migrate，或首次启动时自动创建。",
      },
    }
  if (version < known)
    return {
      check,
      ok: false,
      says: {
        en: `${version} is behind: this version works with ${known}. Run npx denglu migrate; instances may go on running.`,
        zh: `${version} 落后：本版本需要 ${known}。请运行 npx denglu migrate，运行中的实例不受影响。`,
      },
    }
  if (known < runsCodeFrom)
    return {
      check,
      ok: false,
      says: {
        en: `${version} is a newer Denglu's, and needs one that knows ${runsCodeFrom}; this one knows ${known}. Install the newer version here.`,
        zh: `${version} 属于更新版本的 Denglu，至少需要支持 ${runsCodeFrom} 的版本；本版本只支持 ${known}。请在此安装新版本。`,
      },
    }
  return {
    check,
    ok: true,
    says:
      version > known
        ? {
            en: `${version}, a newer Denglu's; this version runs on it.`,
            zh: `${version}，由更新版本创建，本版本可以使用。`,
          }
        : { en: `${version}, up to date.`, zh: `${version}，已是最新。` },
  }
}

/** What a weak setting costs. */
const costs: Readonly<Record<WeakSetting["name"], Bilingual>> = {
  fsync: {
    en: "a power cut may take everything: the database can be beyond repair after it",
    zh: "断电后数据库可能彻底损坏，数据全部丢失",
  },
  synchronous_commit: {
    en: "a crash or a power cut takes back logins and logouts of the last second that were already answered",
    zh: "崩溃或断电会丢失最近约一秒内已经应答的登录和退出",
  },
  full_page_writes: {
    en: "a power cut can leave half-written pages that nothing repairs",
    zh: "断电可能留下无法修复的半写页面",
  },
  innodb_flush_log_at_trx_commit: {
    en: "a power cut takes back logins and logouts of the last second that were already answered",
    zh: "断电会丢失最近约一秒内已经应答的登录和退出",
  },
  innodb_doublewrite: {
    en: "a power cut can leave half-written pages that nothing repairs",
    zh: "断电可能留下无法修复的半写页面",
  },
  sync_binlog: {
    en: "after a power cut the binary log lacks the last logins and logouts that were already answered, and so do the replicas",
    zh: "断电后二进制日志会缺少最近已应答的登录和退出，副本随之缺失",
  },
  binlog_format: {
    en: "every login is refused (error 1665): the binary log can't hold as statements what READ COMMITTED does",
    zh: "所有登录都会被拒绝（错误 1665）：READ COMMITTED 下的写入无法以语句形式记入二进制日志",
  },
}

/** Settings that take a restart and a line in the configuration file. */
const onlyInFile = new Set<WeakSetting["name"]>(["innodb_doublewrite"])

function durabilityFindings({ engine, weakSettings }: Examination): readonly Finding[] {
  if (weakSettings.length === 0)
    return [
      {
        check: "durability",
        ok: true,
        says: {
          en: "by its settings a power cut takes back nothing that was answered.",
          zh: "按当前设置，断电不会丢失已应答的数据。",
        },
      },
    ]
  return weakSettings.map(({ name, value }) => {
    const remedy = remedyOf(engine, name)
    return {
      check: name,
      ok: false,
      says: {
        en: `is ${value}: ${costs[name].en}. ${remedy.en}`,
        zh: `为 ${value}：${costs[name].zh}。${remedy.zh}`,
      },
    }
  })
}

function remedyOf(engine: Examination["engine"], name: WeakSetting["name"]): Bilingual {
  const needed = neededSettings[name]
  if (engine === "postgres")
    return {
      en: `ALTER SYSTEM SET ${name} = ${needed}; SELECT pg_reload_conf(); and no ALTER ROLE or ALTER DATABASE that says otherwise.`,
      zh: `ALTER SYSTEM SET ${name} = ${needed}; SELECT pg_reload_conf(); 并确认 ALTER ROLE、ALTER DATABASE 没有另行设置。`,
    }
  if (onlyInFile.has(name))
    return {
      en: `Set ${name} = ${needed} in my.cnf and restart the database.`,
      zh: `请在 my.cnf 中设置 ${name} = ${needed} 并重启数据库。`,
    }
  return {
    en: `SET GLOBAL ${name} = ${/^\d/.test(needed) ? needed : `'${needed}'`}; and the same in my.cnf, or in your provider's parameters.`,
    zh: `SET GLOBAL ${name} = ${/^\d/.test(needed) ? needed : `'${needed}'`}; 并写入 my.cnf，或在云厂商的参数设置中修改。`,
  }
}

const enoughPageMemory = 1024 ** 3

/** Slow, not wrong: a login service of a few thousand people never notices. */
function memoryFindings({ pageMemory }: Examination): readonly Finding[] {
  if (pageMemory === undefined || pageMemory >= enoughPageMemory) return []
  const megabytes = Math.round(pageMemory / 1024 ** 2)
  return [
    {
      check: "innodb_buffer_pool_size",
      ok: true,
      says: {
        en: `is ${megabytes} MB: enough for a start. From about 100,000 people on, pages go to the disk and come back; give it 1 GB or more in my.cnf, and innodb_log_file_size (MySQL: innodb_redo_log_capacity) as much.`,
        zh: `为 ${megabytes} MB：起步阶段足够。用户达到约 10 万后，页面会在磁盘与内存之间来回：请在 my.cnf 中设为 1 GB 以上，innodb_log_file_size（MySQL 为 innodb_redo_log_capacity）也设为同样大小。`,
      },
    },
  ]
}

function clockFinding({ clockAhead, roundTrip }: Examination, clock: Clock): Finding {
  const shown = new Date(clock()).toISOString()
  const apart = Math.abs(clockAhead)
  const [before, after] =
    clockAhead > 0
      ? [`${apart} ms behind the database's`, `比数据库慢 ${apart} 毫秒`]
      : [`${apart} ms ahead of the database's`, `比数据库快 ${apart} 毫秒`]
  return apart - roundTrip / 2 > clockTolerance
    ? {
        check: "clock",
        ok: false,
        says: {
          en: `${shown} is ${before}. Instances go by the database's, services that check tokens by their own: set whichever is wrong, best by NTP.`,
          zh: `${shown}，${after}。各实例以数据库时钟为准，自行校验令牌的服务以本机时钟为准：请校准不准的一方（建议使用 NTP）。`,
        },
      }
    : { check: "clock", ok: true, says: { en: `${shown}, ${before}.`, zh: `${shown}，${after}。` } }
}
