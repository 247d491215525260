/*
 * falin_plugin.h - the border between the Falin server and a county workflow, version 1.
 *
 * This file is the manual. A library needs nothing else: it exports one function, falin_plugin_v1, and answers
 * calls. C99 and C++11 and later.
 *
 * WHERE A PLUGIN RUNS.  In a process of its own, one for each county, plugin and version, on one thread. The
 * process has no files, no sockets, no other threads, no children and no new executable memory: such calls fail
 * with EPERM or ENOENT, and so do those of static constructors. What is needed from outside is asked of the server
 * through falin_host.call. The process may be killed at any moment (deadline, memory, shutdown, upgrade) without
 * any function being called, and a new one may be started at any moment: keep nothing in memory that must not be
 * lost. There may be several processes of one plugin at the same time.
 *
 * DESCRIPTORS.  Descriptor 0 is the server's socket: reading from it, writing to it or closing it (stdin) ends the
 * process. What is printed to stdout or stderr goes to the server's log: ten lines a second, cut at 300 bytes; who
 * prints more than a MiB a second waits. No names, numbers or addresses of persons there either.
 *
 * WHICH LIBRARIES.  Beside the C library a library may be linked to libstdc++.so.6, libgcc_s.so.1, libm.so.6,
 * libpthread.so.0, libdl.so.2 and librt.so.1, as the server's machine has them. All else is to be linked statically:
 * what needs another one is refused at loading, and nothing can be loaded later.
 *
 * NO FILES MEANS no time zones, locales and character sets either: localtime gives UTC and not the time of China,
 * setlocale knows no language, iconv converts only what the C library has built in. The day and the time are asked
 * with FALIN_HOST_CLOCK.
 *
 * MEMORY.  The stack has 8 MiB. All other memory counts towards limits.memory_mib, also what can no longer be written to:
 * beyond it the system gives no more, or the process is ended.
 *
 * WHO CALLS, ON WHICH THREAD.  The server calls falin_plugin_v1 once, then create once, then call any number of
 * times, one at a time; a process is ended without a word, as by a kill. All on the same thread. A plugin calls
 * falin_host.call and falin_sink.write only on that thread and only between the beginning and the end of its own call.
 *
 * WHO FREES.  Whoever allocated. Nothing is freed across the border. Payloads that come in are borrowed until the
 * function returns; answers go out through a sink, which copies.
 *
 * WHAT NULL MEANS.  A null table, id, version or function pointer is refused at loading. A payload of length 0 may
 * have a null pointer. The sink of a call is never null; a plugin that wants no answer to a host call passes null.
 * The instance may be null if the plugin keeps no state.
 *
 * PAYLOADS are UTF-8 JSON without a zero byte at the end; schemas/ holds the JSON Schema of each op's input and
 * output. Unknown members are to be ignored. At most FALIN_MOST_BYTES in either direction.
 *
 * NOTHING UNWINDS across the border: no C++ exception, no longjmp, no Rust panic. The process is ended if it does.
 *
 * VERSIONS.  The major version is in the symbol's name. Within a major, fields are only appended at the end: look
 * at size before reading a field that this header marks "since 1.x". New capabilities are new op numbers; answer
 * FALIN_UNKNOWN_OP to any op that you do not know.
 */
#ifndef FALIN_PLUGIN_H
#define FALIN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "FALINPLG" read as a little-endian number. */
#define FALIN_MAGIC UINT64_C(0x474c504e494c4146)
#define FALIN_MAJOR 1
#define FALIN_MINOR 0
#define FALIN_MOST_BYTES (4u << 20)

/* ---- Status: 0 is done, positive is a "no" for the user, negative is a fault. --------------------------------- */

#define FALIN_OK 0
/* The answer is {"key": "...", "args": {...}, "fields": {"name": {"key": "...", "args": {...}}}}: keys under
   [text] in plugin.toml. Any positive number is a refusal. */
#define FALIN_REFUSED 1
/* Something went wrong that no user can mend. The answer may be {"said": "..."} for the log. */
#define FALIN_FAULT (-1)
/* The payload does not follow the schema. */
#define FALIN_BAD_INPUT (-2)
/* This side does not know the op. */
#define FALIN_UNKNOWN_OP (-3)
/* The plugin panicked and caught it itself. The process is replaced. */
#define FALIN_PANICKED (-4)
/* More than FALIN_MOST_BYTES. */
#define FALIN_TOO_LARGE (-5)
/* The call has staged all the effects or documents that one call may. More host calls, or more bytes, than one call
   may have (limits.host_calls, 16 MiB) are no status: the process is ended, as by a deadline. */
#define FALIN_BUDGET (-6)
/* The county has not granted this to the plugin. */
#define FALIN_NOT_GRANTED (-7)
/* Not now: a host call outside a call, or in migrate; a document of a collection whose shape a newer version that is in
   use has changed. */
#define FALIN_NOT_NOW (-8)

/* ---- What the server asks of a plugin. ------------------------------------------------------------------------ */

#define FALIN_OP_GUARD 1u    /* may this step be taken with this form? */
#define FALIN_OP_EVENT 2u    /* a step was taken that a hook names for the library; told again later until it is
                                answered with 0, three times; a refusal or a third fault becomes a letter to people */
#define FALIN_OP_PAGE 3u     /* the model of one of the plugin's pages; changes nothing */
#define FALIN_OP_ACTION 4u   /* a form below such a page was sent */
#define FALIN_OP_JOB 5u      /* a part of a declared job is due, for one case or one place */
#define FALIN_OP_STATS 6u    /* rows of a figure, from what the server has counted; changes nothing */
#define FALIN_OP_MIGRATE 7u  /* one document of version n to n + 1; no host calls */
#define FALIN_OP_SELFTEST 8u /* does the library work here? no host calls; a check that is not ok refuses the trial */

/* ---- What a plugin may ask of the server. Writes are staged: kept all or none when the call ends with FALIN_OK. -

   A server answers FALIN_UNKNOWN_OP to what it does not offer; this release offers all that follows: core_get and
   core_find of cases of the plugin's own flows, case_open, case_step and document_issue for them, notice_send to a
   role. A staged write is answered at once, with an empty id where one is given only when it is kept. Twenty effects
   and 200 documents a call, then FALIN_BUDGET; 64 KiB a document, else FALIN_TOO_LARGE. plugin.toml may raise under
   [limits]: a second a call (to 5), 64 MiB of memory (to 256), a thousand host calls (to 10,000). */

#define FALIN_HOST_DOCUMENT_GET 101u
#define FALIN_HOST_DOCUMENT_PUT 102u
#define FALIN_HOST_DOCUMENT_DELETE 103u
#define FALIN_HOST_DOCUMENT_FIND 104u
#define FALIN_HOST_CORE_GET 111u
#define FALIN_HOST_CORE_FIND 112u
#define FALIN_HOST_CONSULTATION_CREATE 121u
#define FALIN_HOST_CONSULTATION_ANNOTATE 122u
#define FALIN_HOST_MEDIATION_OPEN 123u
#define FALIN_HOST_ROOM_BOOK 124u
#define FALIN_HOST_CASE_OPEN 131u
#define FALIN_HOST_CASE_STEP 132u
#define FALIN_HOST_NOTICE_SEND 141u
#define FALIN_HOST_DOCUMENT_ISSUE 142u
#define FALIN_HOST_AUDIT_WRITE 151u
#define FALIN_HOST_SETTING_GET 152u
#define FALIN_HOST_NEW_ID 153u
#define FALIN_HOST_CLOCK 154u

/* ---- The three structs. --------------------------------------------------------------------------------------- */

/* Where an answer is written. Whoever makes the call owns it; it lives until the call returns. */
typedef struct falin_sink {
  uint32_t size;  /* sizeof(falin_sink) of its maker */
  uint32_t flags; /* 0 */
  void *ctx;      /* handed back to write */
  /* Appends to the answer; may be called many times; copies. FALIN_OK, or FALIN_TOO_LARGE, after which the whole
     answer is lost. */
  int32_t (*write)(void *ctx, const uint8_t *bytes, size_t len);
} falin_sink;

/* What the server offers. Given to create, valid until the process ends. */
typedef struct falin_host {
  uint32_t size; /* sizeof(falin_host) of the server */
  uint16_t major, minor;
  void *ctx; /* handed back to both functions */
  /* Asks the server. Blocks until it has answered; the time counts towards the call's deadline. Returns a status
     as above; FALIN_BUDGET is final for this call. answer may be null. */
  int32_t (*call)(void *ctx, uint32_t op, const uint8_t *bytes, size_t len, const falin_sink *answer);
  /* A line for the server's log: level 1 error, 2 warning, 3 information; UTF-8; cut at 1000 bytes; too many are
     dropped, and so is what is written outside a call, as in create. Never write names, numbers or addresses of
     persons. */
  void (*log)(void *ctx, uint32_t level, const uint8_t *text, size_t len);
} falin_host;

/* What a library offers. The table and all that it points to live as long as the library, unchanged. */
typedef struct falin_plugin {
  uint64_t magic; /* FALIN_MAGIC */
  uint32_t size;  /* sizeof(falin_plugin) of the library */
  uint16_t major, minor;
  const char *id, *version;    /* as in plugin.toml */
  uint8_t manifest_sha256[32]; /* SHA-256 of plugin.toml as it is packed */
  /* Makes the instance. FALIN_OK, or a fault: then the library is not used. */
  int32_t (*create)(const falin_host *host, void **instance);
  /* Answers one call. */
  int32_t (*call)(void *instance, uint32_t op, const uint8_t *bytes, size_t len, const falin_sink *answer);
  /* Ends the instance. Not called by this release. */
  void (*destroy)(void *instance);
} falin_plugin;

/* The one exported function. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const falin_plugin *falin_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
