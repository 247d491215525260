/* A county workflow in C, with nothing but the header: it allows a step if the form names a matter. */
#include <string.h>

#include "falin_plugin.h"

#ifndef MANIFEST_SHA256
#define MANIFEST_SHA256 { 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7 }
#endif

static const falin_host *server;

static int32_t say(const falin_sink *answer, const char *text) {
  return answer->write(answer->ctx, (const uint8_t *)text, strlen(text));
}

/* What the server answers to a host call goes straight into our own answer. */
static int32_t guard(const uint8_t *bytes, size_t len, const falin_sink *answer) {
  static const char wanted[] = "\"matter\"";
  size_t at;
  for (at = 0; at + sizeof wanted - 1 <= len; at++)
    if (memcmp(bytes + at, wanted, sizeof wanted - 1) == 0) return say(answer, "{}");
  say(answer, "{\"key\":\"matter-missing\",\"fields\":{\"matter\":{\"key\":\"matter-missing\"}}}");
  return FALIN_REFUSED;
}

static int32_t create(const falin_host *host, void **instance) {
  server = host;
  *instance = NULL;
  return host->major == FALIN_MAJOR ? FALIN_OK : FALIN_FAULT;
}

static int32_t call(void *instance, uint32_t op, const uint8_t *bytes, size_t len, const falin_sink *answer) {
  (void)instance;
  switch (op) {
    case FALIN_OP_GUARD: return guard(bytes, len, answer);
    case FALIN_OP_JOB: return server->call(server->ctx, FALIN_HOST_CLOCK, NULL, 0, answer);
    case FALIN_OP_SELFTEST: return say(answer, "{\"checks\":[{\"name\":\"c\",\"ok\":true}]}");
    default: return FALIN_UNKNOWN_OP;
  }
}

static void destroy(void *instance) { (void)instance; }

const falin_plugin *falin_plugin_v1(void) {
  static const falin_plugin table = {
      FALIN_MAGIC, sizeof(falin_plugin), FALIN_MAJOR, FALIN_MINOR, "rogue", "1.0.0", MANIFEST_SHA256,
      create,      call,                 destroy};
  return &table;
}
