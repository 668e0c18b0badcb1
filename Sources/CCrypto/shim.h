// OpenSSL marks these functions as deprecated in favour of <openssl/evp.h>. They are the ones that
// need no set-up of the library: SkeinFiles/Digest/SHA256.swift says why that matters.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
