// Who is known when a measurement begins: the same people as with everybody else, see src/servers/session-answer.ts.
export const known = Number(process.env.BENCH_KNOWN)

/** SQL for the openid (or unionid, with another letter) of the person whose number `number` is. */
export const openidSql = (number, letter = "o") =>
  `concat('${letter}BenchAAAAAAAAAAAA', lpad(${number}, 10, '0'))`
