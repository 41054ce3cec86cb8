/* Loaded into the card service of a test: what it would offer to the whole network, it offers to one address of this
 * computer (RIG_ADDRESS). Two services with the same ports never meet: each has an address of its own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*bind_function)(int, const struct sockaddr *, socklen_t);

int bind(int descriptor, const struct sockaddr *address, socklen_t size)
{
    bind_function real = (bind_function)dlsym(RTLD_NEXT, "bind");
    const char *host = getenv("RIG_ADDRESS");
    struct sockaddr_in here;

    if (address->sa_family != AF_INET || size < sizeof here)
        return real(descriptor, address, size);
    memcpy(&here, address, sizeof here);
    if (host == NULL || inet_pton(AF_INET, host, &here.sin_addr) != 1)
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return real(descriptor, (struct sockaddr *)&here, sizeof here);
}
