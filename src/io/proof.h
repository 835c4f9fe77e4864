/* How well a driver or a profile is known to work; the set-up screen says it. */
#ifndef ZG_IO_PROOF_H
#define ZG_IO_PROOF_H

enum zg_proof {
	ZG_PROOF_MANUAL,     /* read in a manual or another program, never tried here */
	ZG_PROOF_DEVICE,     /* tried on the device */
	ZG_PROOF_SHOP,       /* used in a shop */
};
#endif
