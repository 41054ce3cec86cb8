/* PKCS#11 modules that misbehave, one per macro: what a driver of the field may do to the program that loads it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

unsigned long C_GetFunctionList(void **list);

#if defined(CRASHES)

unsigned long C_GetFunctionList(void **list)
{
    volatile int *nowhere = NULL;
    *list = NULL;
    return (unsigned long)*nowhere;
}

#elif defined(HANGS)

unsigned long C_GetFunctionList(void **list)
{
    *list = NULL;
    for (;;)
        pause();
}

#elif defined(LEAVES)

unsigned long C_GetFunctionList(void **list)
{
    *list = NULL;
    exit(0);
}

#elif defined(CHATTERS)

/* Works in the end: it hands over the functions of a sound module, and talks all the while. */
#include <dlfcn.h>

static const char noise[] = "SAC 10.8: trace {\"certificats\": []}\n\xff\xfe\n";

__attribute__((constructor)) static void talks_at_load(void)
{
    printf("%s", noise);
    fflush(stdout);
}

__attribute__((destructor)) static void talks_at_the_end(void)
{
    printf("%s", noise);
    fflush(stdout);
}

unsigned long C_GetFunctionList(void **list)
{
    void *sound = dlopen(SOUND_MODULE, RTLD_NOW);
    unsigned long (*real)(void **) = NULL;

    for (int time = 0; time < 500; time++)
        if (write(STDOUT_FILENO, noise, sizeof noise - 1) < 0)
            break;
    if (sound != NULL)
        real = (unsigned long (*)(void **))dlsym(sound, "C_GetFunctionList");
    return real == NULL ? 5 : real(list);
}

#elif defined(NEEDS_ANOTHER)

int not_installed(void);

unsigned long C_GetFunctionList(void **list)
{
    *list = NULL;
    return (unsigned long)not_installed();
}

#elif defined(IS_NEEDED)

int not_installed(void);

int not_installed(void)
{
    return 0;
}

#elif defined(IS_NO_MODULE)

/* A sound library, of another trade. */
int prints_a_page(void);

int prints_a_page(void)
{
    return 0;
}

#endif
