import type { AuditStore } from "./audit-store.ts"
import type { LeavingStore } from "./leaving-store.ts"
import type { OpeningStore } from "./opening-store.ts"
import type { PasswordStore } from "./password-store.ts"
import type { PeopleStore } from "./people-store.ts"
import type { PhoneStore } from "./phone-store.ts"
import type { PlatformStore } from "./platform-store.ts"
import type { ProfileStore } from "./profile-store.ts"
import type { ScanStore } from "./scan-store.ts"
import type { SmsStore } from "./sms-store.ts"

/** The parts of the store that happen seldom: written once for all databases, as scripts (`sql/script.ts`). One interface a subject. */
export interface ScriptedStore
  extends AuditStore,
    LeavingStore,
    OpeningStore,
    PasswordStore,
    PeopleStore,
    PhoneStore,
    PlatformStore,
    ProfileStore,
    ScanStore,
    SmsStore {}
