/** What a trace of the server's system calls says about its answers. */
export interface Judgement {
  /** Logins answered with tokens. */
  readonly answers: number
  /** Flushes of the write-ahead log that succeeded. */
  readonly flushes: number
  /** Answers between whose request and themselves nothing was written to the log and flushed, or some of the log was not flushed. */
  readonly early: number
}

const logWrite = /\bpwrite64\(\d+<[^>]*-wal>/
const logFlush = /\bf(?:data)?sync\(\d+<[^>]*-wal>/
const flushEnd = /<\.\.\. f(?:data)?sync resumed>/
const request = /\b(?:read|recvfrom)\((\d+)<(?:socket|TCP)[^>]*>, .*POST \/login/
const answer = /\b(?:write|writev|sendto|sendmsg)\((\d+)<(?:socket|TCP)[^>]*>, .*HTTP\/1\.1 200/
const thread = /^(\d+)/

/**
 * Reads what `strace -f -y` wrote. An answer is in time if, after its request was read, the log was written to, and a flush that began
 * after the last write to it has returned without an error. With one login at a time that is proof for each; with many, for all together.
 */
export function judgeAnswers(trace: string): Judgement {
  let writtenAt = -1
  let flushedUpTo = -1
  let answers = 0
  let flushes = 0
  let early = 0
  /** By connection: the line on which its request was read. */
  const requests = new Map<string, number>()
  /** By thread: the last write before the flush it is waiting for. */
  const flushing = new Map<string, number>()

  function flushed(upTo: number, line: string): void {
    if (!/= 0(?: |$)/.test(line)) return
    flushes += 1
    flushedUpTo = Math.max(flushedUpTo, upTo)
  }

  trace.split("\n").forEach((line, at) => {
    const tid = thread.exec(line)?.[1] ?? ""
    if (logWrite.test(line)) writtenAt = at
    else if (logFlush.test(line)) {
      if (line.includes("<unfinished ...>")) flushing.set(tid, writtenAt)
      else flushed(writtenAt, line)
    } else if (flushEnd.test(line)) {
      const upTo = flushing.get(tid)
      flushing.delete(tid)
      if (upTo !== undefined) flushed(upTo, line)
    } else {
      const asked = request.exec(line)?.[1]
      const answered = answer.exec(line)?.[1]
      if (asked !== undefined) requests.set(asked, at)
      if (answered === undefined) return
      answers += 1
      const since = requests.get(answered)
      requests.delete(answered)
      if (since === undefined || flushedUpTo < since || flushedUpTo < writtenAt) early += 1
    }
  })
  return { answers, flushes, early }
}
