/**
 * Sized for a machine that runs the whole product. Written into postgresql.conf when the cluster is made,
 * where an operator may change them.
 */
export const SETTINGS = {
  max_connections: '100',
  shared_buffers: '96MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  // Statements are short; compiling them costs more memory and time than it saves.
  jit: 'off',
  // That of spinning disks, 4, has a handful of rows looked for by reading a whole table of up to some 40,000.
  random_page_cost: '1.1',
  // Both spare idle processes.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  max_wal_size: '512MB',
  checkpoint_timeout: '15min',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Details and statements hold addresses and bodies of mails.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
} as const
