import type { Clock } from "../clock.ts"
import type { Bilingual } from "../http/problem-entry.ts"
import { describeRedisError } from "../redis/describe-redis-error.ts"
import { examineRedis } from "../redis/examine-redis.ts"
import type { Finding } from "./finding.ts"

const check = "redis"

/** What an account needs to be allowed there (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/). */
const grants = "~denglu:* &denglu +eval +evalsha +set +incrby +pttl +expire +publish +subscribe +info"

/** What to do about what Redis says. */
const remedies: Readonly<Record<string, Bilingual>> = {
  NOAUTH: {
    en: "It wants a password: DENGLU_REDIS=redis://:PASSWORD@…",
    zh: "需要密码：DENGLU_REDIS=redis://:密码@…",
  },
  WRONGPASS: {
    en: "User or password in DENGLU_REDIS is wrong.",
    zh: "DENGLU_REDIS 中的用户名或密码不正确。",
  },
  NOPERM: {
    en: `This user may not do all that is needed: ACL SETUSER NAME ${grants}`,
    zh: `该用户权限不足：ACL SETUSER 用户名 ${grants}`,
  },
  READONLY: {
    en: "It is a replica: name the primary in DENGLU_REDIS.",
    zh: "这是只读副本，请在 DENGLU_REDIS 中填写主节点。",
  },
  OOM: {
    en: "Its memory is full: set a maxmemory-policy that evicts, such as volatile-ttl.",
    zh: "内存已满：请设置可淘汰的 maxmemory-policy，例如 volatile-ttl。",
  },
  MOVED: {
    en: "It is a node of a Redis Cluster: name one that stands by itself, or the proxy in front of the cluster.",
    zh: "这是 Redis Cluster 的节点：请填写单节点 Redis，或集群前的代理地址。",
  },
  ABORT_ERR: {
    en: "It passes no news on (PUBLISH, SUBSCRIBE): instances find a logout by asking the database, within 0.4 s.",
    zh: "不转发消息（PUBLISH、SUBSCRIBE）：各实例只能在 0.4 秒内通过查询数据库得知退出登录。",
  },
}

const otherRemedy: Bilingual = {
  en: "Check host, port, user and password in DENGLU_REDIS, and what stands between (firewall, allowed addresses).",
  zh: "请检查 DENGLU_REDIS 中的主机、端口、用户和密码，以及防火墙和允许访问的地址。",
}

/** Logins go on without it. */
const meanwhile: Bilingual = {
  en: "Until then each instance counts limits for itself.",
  zh: "在此之前，各实例各自计数限流。",
}

/** What is to be said of the Redis that instances share. */
export async function checkRedis(url: string, clock: Clock): Promise<readonly Finding[]> {
  try {
    const { version, roundTrip, refusals, fillsUp } = await examineRedis(url, clock)
    if (refusals.length > 0) return refusals.map(refused)
    const name = version === undefined ? "Redis" : `Redis ${version}`
    const says = {
      en: `${name} counts in ${Math.max(1, roundTrip)} ms and passes news on.`,
      zh: `${name} 在 ${Math.max(1, roundTrip)} 毫秒内计数，可以转发消息。`,
    }
    return [{ check, ok: true, says }, ...(fillsUp ? [filling] : [])]
  } catch (error) {
    if (error instanceof TypeError)
      return [{ check, ok: false, says: { en: `${error.message}.`, zh: `${error.message}。` } }]
    const { name, code = name } = describeRedisError(error)
    return [refused(code)]
  }
}

function refused(code: string): Finding {
  const { en, zh } = (Object.hasOwn(remedies, code) ? remedies[code] : undefined) ?? otherRemedy
  return {
    check,
    ok: false,
    says: { en: `${code}. ${en} ${meanwhile.en}`, zh: `${code}。${zh}${meanwhile.zh}` },
  }
}

const filling: Finding = {
  check: "maxmemory-policy",
  ok: true,
  says: {
    en: "is noeviction: once its memory is full nothing is counted in it. volatile-ttl lets go of counters that are nearly over.",
    zh: "为 noeviction：内存写满后将无法计数。设为 volatile-ttl 可淘汰即将到期的计数。",
  },
}
