/* A driver of pcscd for USB keys that do not exist. What a key holds is said by a file named for its place on the bus,
 * in the folder RIG_CARDS: no file, no card; otherwise the card's ATR in hexadecimal. An ATR of one byte is a card that
 * cannot be powered. Every command is refused. */
#include <ifdhandler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READERS 16

static char places[READERS][16];
static unsigned char atrs[READERS][MAX_ATR_SIZE];
static DWORD lengths[READERS];

static unsigned number_of(DWORD lun)
{
    return (lun >> 16) % READERS;
}

static FILE *card_of(DWORD lun)
{
    const char *folder = getenv("RIG_CARDS");
    char path[512];

    snprintf(path, sizeof path, "%s/%s", folder == NULL ? "." : folder, places[number_of(lun)]);
    return fopen(path, "r");
}

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR name)
{
    const char *place = strrchr(name, '/');

    snprintf(places[number_of(lun)], sizeof places[0], "%s", place == NULL ? name : place + 1);
    lengths[number_of(lun)] = 0;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel)
{
    (void)lun;
    (void)channel;
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHCloseChannel(DWORD lun)
{
    lengths[number_of(lun)] = 0;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value)
{
    switch (tag) {
    case TAG_IFD_ATR:
        if (*length < lengths[number_of(lun)])
            return IFD_ERROR_INSUFFICIENT_BUFFER;
        *length = lengths[number_of(lun)];
        memcpy(value, atrs[number_of(lun)], *length);
        return IFD_SUCCESS;
    case TAG_IFD_SIMULTANEOUS_ACCESS:
        *length = 1;
        value[0] = READERS;
        return IFD_SUCCESS;
    case TAG_IFD_SLOTS_NUMBER:
        *length = 1;
        value[0] = 1;
        return IFD_SUCCESS;
    case TAG_IFD_THREAD_SAFE:
    case TAG_IFD_SLOT_THREAD_SAFE:
        *length = 1;
        value[0] = 0;
        return IFD_SUCCESS;
    default:
        return IFD_ERROR_TAG;
    }
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value)
{
    (void)lun;
    (void)tag;
    (void)length;
    (void)value;
    return IFD_ERROR_TAG;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR one, UCHAR two, UCHAR three)
{
    (void)lun;
    (void)protocol;
    (void)flags;
    (void)one;
    (void)two;
    (void)three;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHICCPresence(DWORD lun)
{
    FILE *card = card_of(lun);

    if (card == NULL)
        return IFD_ICC_NOT_PRESENT;
    fclose(card);
    return IFD_ICC_PRESENT;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length)
{
    unsigned number = number_of(lun), byte;
    FILE *card;

    *length = 0;
    lengths[number] = 0;
    if (action == IFD_POWER_DOWN)
        return IFD_SUCCESS;
    card = card_of(lun);
    if (card == NULL)
        return IFD_ERROR_POWER_ACTION;
    while (lengths[number] < MAX_ATR_SIZE && fscanf(card, "%2x", &byte) == 1)
        atrs[number][lengths[number]++] = (unsigned char)byte;
    fclose(card);
    if (lengths[number] < 2) {
        lengths[number] = 0;
        return IFD_ERROR_POWER_ACTION;
    }
    *length = lengths[number];
    memcpy(atr, atrs[number], *length);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER sent, PUCHAR command, DWORD size, PUCHAR answer,
                               PDWORD length, PSCARD_IO_HEADER received)
{
    (void)lun;
    (void)sent;
    (void)command;
    (void)size;
    (void)received;
    if (*length < 2)
        return IFD_ERROR_INSUFFICIENT_BUFFER;
    answer[0] = 0x6D;
    answer[1] = 0x00;
    *length = 2;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR sent, DWORD size, PUCHAR answer, DWORD room, LPDWORD length)
{
    (void)lun;
    (void)code;
    (void)sent;
    (void)size;
    (void)answer;
    (void)room;
    *length = 0;
    return IFD_NOT_SUPPORTED;
}
