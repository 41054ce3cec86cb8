/* Windows' colour profiles of screens: Wine 8 ends the program that asks for one in the newer way.
 * Here every question is answered « there is none ». */

#include <windows.h>

#define NO_PROFILE(function) \
    __declspec(dllexport) INT_PTR function(void) \
    { \
        SetLastError(ERROR_PROFILE_NOT_FOUND); \
        return 0; \
    }

#ifndef ERROR_PROFILE_NOT_FOUND
#define ERROR_PROFILE_NOT_FOUND 2016
#endif

NO_PROFILE(CloseColorProfile)
NO_PROFILE(GetColorDirectoryW)
NO_PROFILE(GetColorProfileFromHandle)
NO_PROFILE(OpenColorProfileW)
NO_PROFILE(WcsCreateIccProfile)
NO_PROFILE(WcsGetDefaultColorProfile)
NO_PROFILE(WcsGetDefaultColorProfileSize)
NO_PROFILE(WcsOpenColorProfileW)
