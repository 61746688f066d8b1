// bcryptprimitives.dll for Wine 8, which lacks it: Rust's standard library asks it for random bytes, and without it no
// program starts. Real Windows has its own.
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T n) { return SystemFunction036(to, (ULONG)n); }
