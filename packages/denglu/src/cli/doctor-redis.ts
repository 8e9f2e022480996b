import type { Clock } from "../clock.ts"
import type { Bilingual } from "../http/problem-entry.ts"
import { examineRedis, type RedisExamination, RedisOutOfReach } from "../redis/examine-redis.ts"
import { answerWithin } from "../redis/open-redis.ts"
import type { Finding } from "./finding.ts"

const check = "redis"

/** What a user needs to be allowed there (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/). */
const grants = "~denglu:* &denglu +eval +evalsha +set +incrby +pttl +expire +publish +subscribe +select +info"

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
    en: "What is published there does not arrive: no proxy between may swallow PUBLISH and SUBSCRIBE.",
    zh: "发布的消息没有送达：中间的代理不能拦截 PUBLISH 和 SUBSCRIBE。",
  },
}

const refusal: Bilingual = {
  en: "It answers, but refuses: its own log says why, or it is not ready yet.",
  zh: "Redis 有应答但拒绝执行：请查看它的日志，或等它就绪。",
}

const reach: Bilingual = {
  en: "Check host and port in DENGLU_REDIS, and what stands between (firewall, allowed addresses).",
  zh: "请检查 DENGLU_REDIS 中的主机和端口，以及防火墙和允许访问的地址。",
}

/** What goes on without it. */
const eachForItself: Bilingual = {
  en: "Until then each instance counts limits for itself.",
  zh: "在此之前，各实例各自计数限流。",
}
const byDatabase: Bilingual = {
  en: "Until then instances hear of a logout from the database: at once from PostgreSQL, within 0.4 s from MySQL.",
  zh: "在此之前，各实例从数据库得知退出登录：PostgreSQL 立即，MySQL 在 0.4 秒内。",
}

/** What is to be said of the Redis that instances share. */
export async function checkRedis(url: string, clock: Clock): Promise<readonly Finding[]> {
  try {
    return findingsOf(await examineRedis(url, clock))
  } catch (error) {
    if (error instanceof RedisOutOfReach) return [outOfReach(error)]
    if (error instanceof TypeError) return [withoutDriver]
    throw error
  }
}

function findingsOf({
  version,
  roundTrip,
  notCounting,
  notTelling,
  fillsUp,
}: RedisExamination): readonly Finding[] {
  const wrong = [
    ...notCounting.map(code => problem(code, remedies[code] ?? refusal, eachForItself)),
    ...notTelling.map(code => problem(code, remedies[code] ?? refusal, byDatabase)),
  ]
  if (wrong.length > 0) return wrong
  const name = version === undefined ? "Redis" : `Redis ${version}`
  if (roundTrip > answerWithin) return [tooFar(name, roundTrip)]
  const says = {
    en: `${name} counts in ${Math.max(1, roundTrip)} ms and passes news on.`,
    zh: `${name} 在 ${Math.max(1, roundTrip)} 毫秒内计数，可以转发消息。`,
  }
  return [{ check, ok: true, says }, ...(fillsUp ? [filling] : [])]
}

function outOfReach({ code, isRefusal, certificate }: RedisOutOfReach): Finding {
  if (certificate !== undefined)
    return problem(code, { en: `${certificate}.`, zh: `${certificate}。` }, eachForItself)
  return problem(code, remedies[code] ?? (isRefusal ? refusal : reach), eachForItself)
}

function problem(code: string, remedy: Bilingual, meanwhile: Bilingual): Finding {
  return {
    check,
    ok: false,
    says: {
      en: `${code}. ${remedy.en} ${meanwhile.en}`,
      zh: `${code}。${remedy.zh} ${meanwhile.zh}`,
    },
  }
}

const tooFar = (name: string, roundTrip: number): Finding => ({
  check,
  ok: false,
  says: {
    en: `${name} takes ${roundTrip} ms to count, and instances wait ${answerWithin} ms: name one that is nearer. ${eachForItself.en}`,
    zh: `${name} 计数需要 ${roundTrip} 毫秒，而实例只等 ${answerWithin} 毫秒：请使用距离更近的 Redis。${eachForItself.zh}`,
  },
})

const withoutDriver: Finding = {
  check,
  ok: false,
  says: { en: "needs the driver ioredis: npm install ioredis", zh: "缺少驱动 ioredis：npm install ioredis" },
}

const filling: Finding = {
  check: "maxmemory-policy",
  ok: true,
  says: {
    en: "is noeviction: once its memory is full nothing is counted in it. volatile-ttl lets go of counters that are nearly over.",
    zh: "为 noeviction：内存写满后将无法计数。设为 volatile-ttl 可淘汰即将到期的计数。",
  },
}
