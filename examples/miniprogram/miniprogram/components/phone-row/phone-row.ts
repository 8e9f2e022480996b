import {
  bindPhone,
  type Phone,
  type PhoneError,
  type PhoneEvent,
  unbindPhone,
} from "@denglu/miniprogram/phone"
import { askFirst } from "../../ask-first.js"
import { i18n } from "../../i18n.js"
import { login } from "../../login.js"
import { maskedNumber } from "../../masked-number.js"
import { problemText } from "../../problem-text.js"
import { showNote } from "../../show-note.js"

/** What `GET /me` answers, as far as it is shown. */
interface MeReply {
  readonly id: string
  readonly phone: Phone | null
}

/** What the person reads where WeChat gave no code; nothing if they didn't want to give their number. */
function refusalText({ code }: PhoneError): string {
  return code === "denied" ? "" : i18n().phoneUnavailable
}

/** The phone number of who is logged in: bound, changed and removed. */
Component({
  properties: {
    /** The page's texts. */
    t: { type: Object, value: i18n() },
  },
  data: {
    /** What is shown of the number; empty if there is none. */
    number: "",
    /** `loading`, `ready`, or `busy` while the number is being changed. */
    state: "loading",
    problem: "",
    /** How often it was changed here: an answer from before a change says nothing any more. */
    changes: 0,
    asking: false,
  },
  lifetimes: {
    attached() {
      void this.load()
    },
  },
  pageLifetimes: {
    show() {
      void this.load()
    },
  },
  methods: {
    /** It may have been changed on another device. */
    async load() {
      const { state, changes, asking } = this.data
      if (asking || state === "busy" || !login.user) return
      this.setData({ asking: true })
      try {
        const { id, phone } = await login.request<MeReply>({ url: "/me" })
        // Unless somebody else has logged in meanwhile.
        if (id === login.user?.id && changes === this.data.changes) this.showPhone(phone)
      } catch (error) {
        if (login.user) this.setData({ problem: problemText(error) })
      } finally {
        this.setData({ asking: false })
      }
    },

    showPhone(phone: Phone | null) {
      this.setData({ number: phone ? maskedNumber(phone) : "", state: "ready", problem: "" })
    },

    /** The code goes to the server at once: it lives five minutes, and is good once. */
    async bind(event: PhoneEvent) {
      const binding = bindPhone(login, event)
      if (event.detail.code) await this.change(binding, i18n().phoneBound)
      else await binding.catch((error: PhoneError) => this.setData({ problem: refusalText(error) }))
    },

    async remove() {
      if (this.data.state === "busy") return
      const { phoneRemoveTitle, phoneRemoveQuestion, phoneRemoved } = i18n()
      if (!(await askFirst(phoneRemoveTitle, phoneRemoveQuestion))) return
      await this.change(
        unbindPhone(login).then(() => null),
        phoneRemoved,
      )
    },

    async change(work: Promise<Phone | null>, note: string) {
      this.setData({ state: "busy", problem: "", changes: this.data.changes + 1 })
      try {
        this.showPhone(await work)
        showNote(note)
      } catch (error) {
        this.setData({ state: "ready", problem: login.user ? problemText(error) : "" })
      }
    },
  },
})
