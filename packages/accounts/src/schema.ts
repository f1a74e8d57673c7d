import type { BetterAuthOptions } from 'better-auth'

/** The schema of PostgreSQL that holds all that is known of people’s accounts. */
export const AUTH_SCHEMA = 'auth'

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** The names that better-auth’s tables and columns have here. What they are made of stands in the migration. */
export const NAMES = {
  user: {
    modelName: 'users',
    fields: { emailVerified: 'email_verified', ...TIMES },
    additionalFields: {
      isInstanceOwner: {
        type: 'boolean',
        fieldName: 'is_instance_owner',
        required: false,
        defaultValue: false,
        input: false,
      },
    },
  },
  session: {
    modelName: 'sessions',
    fields: {
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      ...TIMES,
    },
    additionalFields: {
      provenAt: {
        type: 'date',
        fieldName: 'proven_at',
        required: true,
        defaultValue: () => new Date(),
        input: false,
      },
    },
  },
  account: {
    modelName: 'accounts',
    fields: {
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...TIMES,
    },
  },
  verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...TIMES } },
} as const satisfies Partial<BetterAuthOptions>

export const TWO_FACTOR_NAMES = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'two_factors',
    fields: {
      userId: 'user_id',
      backupCodes: 'backup_codes',
      failedVerificationCount: 'failed_verification_count',
      lockedUntil: 'locked_until',
    },
  },
} as const

export const PASSKEY_NAMES = {
  passkey: {
    modelName: 'passkeys',
    fields: {
      userId: 'user_id',
      publicKey: 'public_key',
      credentialID: 'credential_id',
      deviceType: 'device_type',
      backedUp: 'backed_up',
      createdAt: 'created_at',
    },
  },
} as const
