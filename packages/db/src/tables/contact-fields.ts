export interface ContactFieldTables {
  /**
   * Which facts contacts have, and how many contacts have a value of each type. Triggers of `contacts` keep it. The
   * numbers of a name are spread over rows: of one shard they can be less than nothing.
   */
  contact_fields: {
    project_id: string
    name: string
    shard: number
    strings: string
    numbers: string
    booleans: string
    dates: string
    lists: string
    objects: string
  }
  /** How many contacts there are, kept and spread in the same way. */
  contact_totals: {
    project_id: string
    shard: number
    total: string
    subscribed: string
  }
}
