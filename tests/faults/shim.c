/* Stands between a test and the C library (LD_PRELOAD) and makes one system call fail: the n-th that concerns a file below
 * OUTPOST_FAULTS_ROOT. What SQLite calls and what Rust calls pass here alike.
 *
 * Locks of byte ranges never fail here: SQLite takes a refused one for another program's and waits its minute.
 *
 * A test talks to it by opening files that do not exist:
 *   /outpost-faults/arm/<n>/<once|kind|all>/<errno>   counts from 0; fails call n, and after it: nothing, all calls of its
 *                                                     kind, or all calls. n = -1 only counts.
 *   /outpost-faults/off                               no more failures; reads as "<calls> <name of the call that failed>".
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define CONTROL "/outpost-faults/"

enum mode { ONCE, KIND, ALL };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int armed;
static long count, at;
static enum mode mode;
static int error;
static const char *failed;

/* Whether this call, of a file below the root, fails. */
static int fails(const char *kind) {
    pthread_mutex_lock(&lock);
    int now = 0;
    if (armed) {
        long number = count++;
        if (at >= 0 && number == at) {
            failed = kind;
            now = 1;
        } else if (at >= 0 && number > at) {
            now = mode == ALL || (mode == KIND && failed && strcmp(failed, kind) == 0);
        }
    }
    pthread_mutex_unlock(&lock);
    if (now) errno = error;
    return now;
}

static int below(const char *path) {
    const char *root = getenv("OUTPOST_FAULTS_ROOT");
    size_t length = root ? strlen(root) : 0;
    return length > 0 && path && strncmp(path, root, length) == 0;
}

static int below_fd(int fd) {
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

static int below_at(int dir, const char *given) {
    /* Rust asks whether there is a statx by calling it with null, against what the header says: not to be reasoned away. */
    const char *volatile hidden = given;
    const char *path = hidden;
    return path && path[0] == '/' ? below(path) : dir != AT_FDCWD && below_fd(dir);
}

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name);

static int control(const char *path) {
    REAL(int, "open", const char *, int, ...);
    long number;
    char how[8];
    int with;
    if (sscanf(path, CONTROL "arm/%ld/%7[a-z]/%d", &number, how, &with) == 3) {
        pthread_mutex_lock(&lock);
        armed = 1, count = 0, at = number, error = with, failed = NULL;
        mode = strcmp(how, "all") == 0 ? ALL : strcmp(how, "kind") == 0 ? KIND : ONCE;
        pthread_mutex_unlock(&lock);
        return real("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    pthread_mutex_lock(&lock);
    armed = 0;
    int answer = memfd_create("outpost-faults", MFD_CLOEXEC);
    dprintf(answer, "%ld %s", count, failed ? failed : "-");
    pthread_mutex_unlock(&lock);
    lseek(answer, 0, SEEK_SET);
    return answer;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t bits = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        if (strncmp(path, CONTROL, strlen(CONTROL)) == 0) return control(path); \
        if (below(path) && fails("open")) return -1; \
        return real(path, flags, bits); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int dir, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t bits = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        if (below_at(dir, path) && fails("open")) return -1; \
        return real(dir, path, flags, bits); \
    }
OPENAT(openat)
OPENAT(openat64)

DIR *opendir(const char *path) {
    REAL(DIR *, "opendir", const char *);
    if (below(path) && fails("open")) return NULL;
    return real(path);
}

/* A call on an open file, a call on a path, and a call on two paths: result, name, parameters, arguments, kind. */
#define ON_FD(result, name, kind, fd, parameters, ...) \
    result name parameters { \
        REAL(result, #name, TYPES_##name); \
        if (below_fd(fd) && fails(kind)) return (result)-1; \
        return real(__VA_ARGS__); \
    }
#define ON_PATH(name, kind, path, parameters, ...) \
    int name parameters { \
        REAL(int, #name, TYPES_##name); \
        if (below(path) && fails(kind)) return -1; \
        return real(__VA_ARGS__); \
    }
#define ON_PATH_AT(name, kind, dir, path, parameters, ...) \
    int name parameters { \
        REAL(int, #name, TYPES_##name); \
        if (below_at(dir, path) && fails(kind)) return -1; \
        return real(__VA_ARGS__); \
    }

#define TYPES_read int, void *, size_t
#define TYPES_readv int, const struct iovec *, int
#define TYPES_pread int, void *, size_t, off_t
#define TYPES_pread64 int, void *, size_t, off64_t
#define TYPES_write int, const void *, size_t
#define TYPES_writev int, const struct iovec *, int
#define TYPES_pwrite int, const void *, size_t, off_t
#define TYPES_pwrite64 int, const void *, size_t, off64_t
#define TYPES_copy_file_range int, off64_t *, int, off64_t *, size_t, unsigned
#define TYPES_sendfile64 int, int, off64_t *, size_t
#define TYPES_fsync int
#define TYPES_fdatasync int
#define TYPES_ftruncate int, off_t
#define TYPES_ftruncate64 int, off64_t
#define TYPES_fallocate64 int, int, off64_t, off64_t
#define TYPES_posix_fallocate64 int, off64_t, off64_t
#define TYPES_flock int, int
#define TYPES_fchmod int, mode_t
#define TYPES_fstat int, struct stat *
#define TYPES_fstat64 int, struct stat64 *
#define TYPES_rename const char *, const char *
#define TYPES_link const char *, const char *
#define TYPES_unlink const char *
#define TYPES_rmdir const char *
#define TYPES_mkdir const char *, mode_t
#define TYPES_chmod const char *, mode_t
#define TYPES_access const char *, int
#define TYPES_stat const char *, struct stat *
#define TYPES_stat64 const char *, struct stat64 *
#define TYPES_lstat const char *, struct stat *
#define TYPES_lstat64 const char *, struct stat64 *
#define TYPES_renameat2 int, const char *, int, const char *, unsigned
#define TYPES_linkat int, const char *, int, const char *, int
#define TYPES_unlinkat int, const char *, int
#define TYPES_statx int, const char *, int, unsigned, struct statx *

ON_FD(ssize_t, read, "read", fd, (int fd, void *to, size_t most), fd, to, most)
ON_FD(ssize_t, readv, "read", fd, (int fd, const struct iovec *to, int parts), fd, to, parts)
ON_FD(ssize_t, pread, "read", fd, (int fd, void *to, size_t most, off_t from), fd, to, most, from)
ON_FD(ssize_t, pread64, "read", fd, (int fd, void *to, size_t most, off64_t from), fd, to, most, from)
ON_FD(ssize_t, write, "write", fd, (int fd, const void *from, size_t size), fd, from, size)
ON_FD(ssize_t, writev, "write", fd, (int fd, const struct iovec *from, int parts), fd, from, parts)
ON_FD(ssize_t, pwrite, "write", fd, (int fd, const void *from, size_t size, off_t to), fd, from, size, to)
ON_FD(ssize_t, pwrite64, "write", fd, (int fd, const void *from, size_t size, off64_t to), fd, from, size, to)
ON_FD(ssize_t, copy_file_range, "write", to,
      (int fd, off64_t *from, int to, off64_t *at_to, size_t size, unsigned flags), fd, from, to, at_to, size, flags)
ON_FD(ssize_t, sendfile64, "write", to, (int to, int fd, off64_t *from, size_t size), to, fd, from, size)
ON_FD(int, fsync, "sync", fd, (int fd), fd)
ON_FD(int, fdatasync, "sync", fd, (int fd), fd)
ON_FD(int, ftruncate, "truncate", fd, (int fd, off_t size), fd, size)
ON_FD(int, ftruncate64, "truncate", fd, (int fd, off64_t size), fd, size)
ON_FD(int, fallocate64, "truncate", fd, (int fd, int how, off64_t from, off64_t size), fd, how, from, size)
ON_FD(int, flock, "lock", fd, (int fd, int how), fd, how)
ON_FD(int, fchmod, "mode", fd, (int fd, mode_t bits), fd, bits)
ON_FD(int, fstat, "stat", fd, (int fd, struct stat *into), fd, into)
ON_FD(int, fstat64, "stat", fd, (int fd, struct stat64 *into), fd, into)
ON_PATH(rename, "rename", to, (const char *from, const char *to), from, to)
ON_PATH(link, "rename", to, (const char *from, const char *to), from, to)
ON_PATH(unlink, "unlink", path, (const char *path), path)
ON_PATH(rmdir, "unlink", path, (const char *path), path)
ON_PATH(mkdir, "mkdir", path, (const char *path, mode_t bits), path, bits)
ON_PATH(chmod, "mode", path, (const char *path, mode_t bits), path, bits)
ON_PATH(access, "stat", path, (const char *path, int how), path, how)
ON_PATH(stat, "stat", path, (const char *path, struct stat *into), path, into)
ON_PATH(stat64, "stat", path, (const char *path, struct stat64 *into), path, into)
ON_PATH(lstat, "stat", path, (const char *path, struct stat *into), path, into)
ON_PATH(lstat64, "stat", path, (const char *path, struct stat64 *into), path, into)
ON_PATH_AT(renameat2, "rename", dir_to, to, (int dir, const char *from, int dir_to, const char *to, unsigned how), dir,
           from, dir_to, to, how)
ON_PATH_AT(linkat, "rename", dir_to, to, (int dir, const char *from, int dir_to, const char *to, int how), dir, from,
           dir_to, to, how)
ON_PATH_AT(unlinkat, "unlink", dir, path, (int dir, const char *path, int how), dir, path, how)
ON_PATH_AT(statx, "stat", dir, path, (int dir, const char *path, int how, unsigned asked, struct statx *into), dir, path,
           how, asked, into)

int posix_fallocate64(int fd, off64_t from, off64_t size) {
    REAL(int, "posix_fallocate64", TYPES_posix_fallocate64);
    /* It gives the error instead of setting it. */
    if (below_fd(fd) && fails("truncate")) return errno;
    return real(fd, from, size);
}

#define MAP(name, offset) \
    void *name(void *where, size_t size, int allowed, int how, int fd, offset from) { \
        REAL(void *, #name, void *, size_t, int, int, int, offset); \
        if (fd >= 0 && below_fd(fd) && fails("map")) return MAP_FAILED; \
        return real(where, size, allowed, how, fd, from); \
    }
MAP(mmap, off_t)
MAP(mmap64, off64_t)
