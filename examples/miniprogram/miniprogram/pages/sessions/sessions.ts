import { LoginError, type User } from "@denglu/miniprogram"
import { askFirst } from "../../ask-first.js"
import { followLogin } from "../../follow-login.js"
import { formatTime } from "../../format-time.js"
import { i18n } from "../../i18n.js"
import { logOut } from "../../log-out.js"
import { login } from "../../login.js"
import { problemText } from "../../problem-text.js"
import { showNote } from "../../show-note.js"

/** What `GET /me/sessions` answers, as far as it is shown. */
interface SessionsReply {
  readonly sessions: readonly {
    readonly id: string
    readonly current: boolean
    readonly device: string | null
    readonly created_at: string
    readonly last_active_at: string
  }[]
}

interface SessionCell {
  readonly id: string
  readonly current: boolean
  readonly device: string
  readonly loggedIn: string
  readonly lastActive: string
}

function sessionCells({ sessions }: SessionsReply): SessionCell[] {
  return sessions.map(({ id, current, device, created_at, last_active_at }) => ({
    id,
    current,
    device: device ?? i18n().unknownDevice,
    loggedIn: formatTime(created_at),
    lastActive: formatTime(last_active_at),
  }))
}

/** Ends a session of the same person. One that is over already is as good as ended. */
async function endSession(id: string): Promise<void> {
  try {
    await login.request({ url: `/me/sessions/${id}`, method: "DELETE" })
  } catch (error) {
    if (!(error instanceof LoginError && error.status === 404)) throw error
  }
}

Page({
  data: {
    t: i18n(),
    userId: "",
    here: [] as SessionCell[],
    others: [] as SessionCell[],
    /** `loading`, `ready`, `failed`, or `ending` while sessions are being ended. */
    state: "loading",
    problem: "",
  },

  unfollow() {},

  onLoad() {
    this.unfollow = followLogin(({ user }) => this.showUser(user))
  },

  onUnload() {
    this.unfollow()
  },

  onShow() {
    const t = i18n()
    this.setData({ t })
    wx.setNavigationBarTitle({ title: t.sessionsTitle })
  },

  showUser(user: User | null) {
    const userId = user?.id ?? ""
    if (userId === this.data.userId) return
    this.setData({ userId, here: [], others: [], state: "loading", problem: "" })
    void this.loadSessions()
  },

  async loadSessions() {
    const { userId } = this.data
    if (!userId) return
    this.setData({ state: "loading", problem: "" })
    // Whoever asked may have logged out meanwhile.
    const show = (data: object) => userId === this.data.userId && this.setData(data)
    try {
      const cells = sessionCells(await login.request<SessionsReply>({ url: "/me/sessions" }))
      const here = cells.filter(({ current }) => current)
      show({ here, others: cells.filter(({ current }) => !current), state: "ready" })
    } catch (error) {
      show({ here: [], others: [], state: "failed", problem: problemText(error) })
    }
  },

  async endOne({ currentTarget }: WechatMiniprogram.BaseEvent) {
    const { t } = this.data
    await this.end([String(currentTarget.dataset.session)], t.endSessionTitle, t.endSessionQuestion)
  },

  async endOthers() {
    const { t, others } = this.data
    const ids = others.map(({ id }) => id)
    await this.end(ids, t.endOthersTitle, t.endOthersQuestion)
  },

  async endAll() {
    const { t, state } = this.data
    if (state !== "ready" || !(await askFirst(t.endAllTitle, t.endAllQuestion))) return
    await logOut(true).catch(error => showNote(problemText(error)))
  },

  async end(ids: readonly string[], title: string, question: string) {
    if (this.data.state !== "ready" || !(await askFirst(title, question))) return
    this.setData({ state: "ending" })
    try {
      for (const id of ids) await endSession(id)
      showNote(this.data.t.ended)
    } catch (error) {
      if (login.user) showNote(problemText(error))
    }
    await this.loadSessions()
  },
})
